from django.db import connection


def rows(sql, args=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


def best_sellers(first, last, limit=20):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.sku, p.name, SUM(l.quantity - l.returned) AS pieces
            FROM orders_orderline l
            JOIN shop_orders o ON o.id = l.order_id
            JOIN catalog_product p ON p.id = l.product_id
            WHERE o.state <> 'cancelled' AND o.created_at BETWEEN %s AND %s
            GROUP BY p.sku, p.name
            ORDER BY pieces DESC
            LIMIT %s
            """,
            [first, last, limit],
        )
        return cursor.fetchall()


def slow_stock():
    return rows(
        "SELECT p.sku, s.on_hand FROM wh_stock s "
        "JOIN catalog_product p ON p.id = s.product_id "
        "LEFT JOIN orders_orderline l ON l.product_id = p.id "
        "WHERE l.id IS NULL AND s.on_hand > 0"
    )


def refunds_by_reason(year):
    return rows(
        "SELECT refund_reason, COUNT(*) AS n, SUM(amount) AS amount "
        "FROM billing_paymententry WHERE type = 'refund' "
        "AND created_at >= %s GROUP BY refund_reason",
        ["%d-01-01" % year],
    )


def close_stale_carts(days):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cart_cart SET closed = 1 WHERE closed = 0 AND changed_at < %s", [days])
        cursor.execute("DELETE FROM cart_cartitem WHERE cart_id IN (SELECT id FROM cart_cart WHERE closed = 1)")
        return cursor.rowcount

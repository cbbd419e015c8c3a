//! Libraries that reach systems outside, and which of their calls do.

use Calls::{AnyOf, Except, Made, Named};

/// Which calls below a library's name go out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Calls {
    /// Functions and methods of these names.
    Named(&'static [&'static str]),
    /// The library itself is called, or one of these names.
    AnyOf(&'static [&'static str]),
    /// Every method of something it made: `Stripe(key).customers.create`.
    Made,
    /// Every function and method but these.
    Except(&'static [&'static str]),
}

/// One library.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Client {
    /// What its full names begin with.
    pub(super) root: &'static str,
    /// Its name in reports.
    pub(super) name: &'static str,
    /// How it speaks.
    pub(super) protocol: &'static str,
    /// Whom it speaks to, where that is one system.
    pub(super) system: &'static str,
    /// Which calls go out.
    pub(super) calls: Calls,
}

const fn http(root: &'static str, name: &'static str, calls: Calls) -> Client {
    Client { root, name, protocol: "http", system: "", calls }
}

const fn service(root: &'static str, name: &'static str, calls: Calls) -> Client {
    Client { root, name, protocol: "http", system: name, calls }
}

const fn mail(root: &'static str, name: &'static str, calls: Calls) -> Client {
    Client { root, name, protocol: "smtp", system: "mail", calls }
}

const fn queue(root: &'static str, name: &'static str, calls: Calls) -> Client {
    Client { root, name, protocol: "queue", system: name, calls }
}

const fn other(root: &'static str, name: &'static str, protocol: &'static str, calls: Calls) -> Client {
    Client { root, name, protocol, system: "", calls }
}

const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream", "fetch"];
const SSH: &[&str] = &[
    "connect",
    "exec_command",
    "open_sftp",
    "put",
    "get",
    "putfo",
    "getfo",
    "listdir",
    "remove",
    "rename",
    "exec",
    "fastPut",
    "fastGet",
    "upload",
    "download",
];
const LDAP: &[&str] = &["bind", "simple_bind", "simple_bind_s", "search", "search_s", "search_ext_s", "add_s", "modify_s", "bind_s"];

/// Libraries of Python.
pub(super) static PYTHON: [Client; 43] = [
    http("requests", "requests", Named(VERBS)),
    http("requests_oauthlib", "requests", Named(VERBS)),
    http("httpx", "httpx", Named(VERBS)),
    http("aiohttp", "aiohttp", Named(&["get", "post", "put", "patch", "delete", "head", "options", "request", "ws_connect"])),
    http("urllib", "urllib", Named(&["urlopen", "urlretrieve", "open"])),
    http("urllib2", "urllib", Named(&["urlopen", "open"])),
    http("urllib3", "urllib3", Named(&["request", "urlopen", "request_encode_url", "request_encode_body"])),
    http("http.client", "http.client", Named(&["request"])),
    http("httplib", "http.client", Named(&["request"])),
    http("httplib2", "httplib2", Named(&["request"])),
    http("pycurl", "curl", Named(&["perform"])),
    http("xmlrpc.client", "xmlrpc", Made),
    http("zeep", "zeep", Made),
    http("suds", "suds", Made),
    service("stripe", "stripe", Except(&["construct_event", "construct_from", "verify_header"])),
    service("braintree", "braintree", Except(&["configure", "parse"])),
    service("paypalrestsdk", "paypal", Except(&["configure"])),
    service("twilio", "twilio", Made),
    service("sendgrid", "sendgrid", Named(&["send"])),
    service("slack", "slack", Made),
    service("slack_sdk", "slack", Made),
    service("github", "github", Made),
    service("openai", "openai", Named(&["create", "generate", "edit"])),
    service("anthropic", "anthropic", Named(&["create", "stream"])),
    service("elasticsearch", "elasticsearch", Named(&["search", "index", "bulk", "get", "delete", "update", "count", "scroll", "msearch"])),
    service(
        "boto3",
        "aws",
        Except(&["client", "resource", "session", "Session", "setup_default_session", "generate_presigned_url", "generate_presigned_post"]),
    ),
    service(
        "google.cloud",
        "google cloud",
        Named(&[
            "upload_from_filename",
            "upload_from_string",
            "upload_from_file",
            "download_to_filename",
            "download_as_bytes",
            "download_as_string",
            "publish",
            "query",
        ]),
    ),
    mail("smtplib", "smtplib", Named(&["sendmail", "send_message"])),
    mail(
        "django.core.mail",
        "django.mail",
        Named(&["send_mail", "send_mass_mail", "mail_admins", "mail_managers", "send", "send_messages"]),
    ),
    mail("flask_mail", "flask-mail", Named(&["send", "send_message"])),
    mail("fastapi_mail", "fastapi-mail", Named(&["send_message"])),
    queue("celery", "celery", Named(&["send_task"])),
    queue("kombu", "amqp", Named(&["publish", "consume", "drain_events"])),
    queue("pika", "amqp", Named(&["basic_publish", "basic_consume", "basic_get", "start_consuming"])),
    queue("kafka", "kafka", Named(&["send", "poll"])),
    queue("confluent_kafka", "kafka", Named(&["produce", "poll", "consume"])),
    queue("rq", "rq", Named(&["enqueue", "enqueue_call", "enqueue_in", "enqueue_at"])),
    other("paramiko", "paramiko", "ssh", Named(SSH)),
    other("pysftp", "pysftp", "ssh", Named(SSH)),
    other("ftplib", "ftplib", "ftp", Except(&["set_pasv", "set_debuglevel", "quit", "close"])),
    other("ldap", "ldap", "ldap", Named(LDAP)),
    other("ldap3", "ldap3", "ldap", Named(LDAP)),
    other("socket", "socket", "socket", Named(&["create_connection", "connect", "connect_ex"])),
];

/// Packages of JavaScript.
pub(super) static JAVASCRIPT: [Client; 50] = [
    http("node-fetch", "node-fetch", AnyOf(&[])),
    http("cross-fetch", "cross-fetch", AnyOf(&["fetch"])),
    http("isomorphic-fetch", "fetch", AnyOf(&[])),
    http("undici", "undici", Named(&["fetch", "request", "stream"])),
    http("got", "got", AnyOf(&["get", "post", "put", "patch", "delete", "head", "stream", "paginate"])),
    http("axios", "axios", AnyOf(VERBS)),
    http("ky", "ky", AnyOf(VERBS)),
    http("superagent", "superagent", AnyOf(&["get", "post", "put", "patch", "del", "delete", "head"])),
    http("request", "request", AnyOf(&["get", "post", "put", "patch", "del", "delete", "head"])),
    http("request-promise", "request", AnyOf(&["get", "post", "put", "patch", "del", "delete", "head"])),
    http("request-promise-native", "request", AnyOf(&["get", "post", "put", "patch", "del", "delete", "head"])),
    http("needle", "needle", AnyOf(VERBS)),
    http("phin", "phin", AnyOf(&[])),
    http("http", "http", Named(&["request", "get"])),
    http("https", "https", Named(&["request", "get"])),
    http("node:http", "http", Named(&["request", "get"])),
    http("node:https", "https", Named(&["request", "get"])),
    http("soap", "soap", Named(&["createClient", "createClientAsync"])),
    service("stripe", "stripe", Made),
    service("@slack/web-api", "slack", Made),
    service("@slack/webhook", "slack", Named(&["send"])),
    service("@slack/client", "slack", Made),
    service("octokit", "octokit", Made),
    service("@octokit/rest", "octokit", Made),
    service("@octokit/core", "octokit", Made),
    service("twilio", "twilio", Made),
    service("openai", "openai", Made),
    service("@anthropic-ai/sdk", "anthropic", Made),
    service("algoliasearch", "algolia", Made),
    service("@elastic/elasticsearch", "elasticsearch", Made),
    service("aws-sdk", "aws", Made),
    service("@aws-sdk/", "aws", Named(&["send"])),
    service("web-push", "web push", Named(&["sendNotification"])),
    service("@google-cloud/", "google cloud", Named(&["save", "download", "upload", "publish", "publishMessage", "query", "delete"])),
    mail("nodemailer", "nodemailer", Named(&["sendMail"])),
    mail("@sendgrid/mail", "sendgrid", Named(&["send", "sendMultiple"])),
    mail("postmark", "postmark", Made),
    mail("resend", "resend", Made),
    mail("mailgun.js", "mailgun", Made),
    mail("mailgun-js", "mailgun", Named(&["send"])),
    queue("amqplib", "amqp", Named(&["connect", "sendToQueue", "publish", "consume"])),
    queue("bull", "bull", Named(&["add", "addBulk"])),
    queue("bullmq", "bullmq", Named(&["add", "addBulk"])),
    queue("kafkajs", "kafka", Named(&["send", "sendBatch", "run"])),
    queue("agenda", "agenda", Named(&["now", "schedule", "every"])),
    other("basic-ftp", "basic-ftp", "ftp", Made),
    other("ssh2", "ssh2", "ssh", Named(SSH)),
    other("ssh2-sftp-client", "ssh2", "ssh", Named(SSH)),
    other("ldapjs", "ldapjs", "ldap", Named(LDAP)),
    other("net", "socket", "socket", Named(&["connect", "createConnection"])),
];

/// Classes of PHP, in small letters.
pub(super) static PHP: [Client; 33] = [
    http(
        "guzzlehttp\\",
        "guzzle",
        Named(&[
            "get",
            "post",
            "put",
            "patch",
            "delete",
            "head",
            "options",
            "request",
            "send",
            "getAsync",
            "postAsync",
            "requestAsync",
            "sendAsync",
        ]),
    ),
    http("illuminate\\support\\facades\\http", "laravel http", Named(&["get", "post", "put", "patch", "delete", "head", "send", "pool"])),
    http("symfony\\contracts\\httpclient", "symfony http", Named(&["request", "stream"])),
    http("symfony\\component\\httpclient", "symfony http", Named(&["request", "stream"])),
    http("psr\\http\\client\\clientinterface", "psr http", Named(&["sendRequest"])),
    http("zend_http_client", "zend http", Named(&["request"])),
    http("varien_http_client", "zend http", Named(&["request"])),
    http("zend_rest_client", "zend http", Made),
    http("zend_xmlrpc_client", "zend http", Named(&["call"])),
    http("zend_soap_client", "soap", Made),
    http("zend\\http\\client", "zend http", Named(&["send"])),
    http("laminas\\http\\client", "laminas http", Named(&["send"])),
    http("varien_http_adapter_curl", "varien curl", Named(&["read", "multiRequest"])),
    http("buzz\\browser", "buzz", Named(VERBS)),
    http("requests", "requests", Named(VERBS)),
    http("soapclient", "soap", Made),
    service(
        "stripe\\",
        "stripe",
        Except(&[
            "setApiKey",
            "setApiVersion",
            "setAppInfo",
            "setMaxNetworkRetries",
            "setVerifySslCerts",
            "setClientId",
            "constructEvent",
            "constructFrom",
            "verifyHeader",
            "getApiKey",
        ]),
    ),
    service("twilio\\rest\\client", "twilio", Made),
    service("aws\\", "aws", Except(&["factory", "getCommand", "getIterator"])),
    service("braintree", "braintree", Except(&["environment", "merchantId", "publicKey", "privateKey", "parse"])),
    service("pusher\\pusher", "pusher", Named(&["trigger"])),
    mail("illuminate\\support\\facades\\mail", "laravel mail", Named(&["send", "sendNow", "raw", "html", "plain", "queue", "later"])),
    mail("illuminate\\support\\facades\\notification", "laravel notification", Named(&["send", "sendNow", "notify"])),
    mail("symfony\\component\\mailer", "symfony mailer", Named(&["send"])),
    mail("swift_mailer", "swiftmailer", Named(&["send", "batchSend"])),
    mail("phpmailer", "phpmailer", Named(&["send", "Send"])),
    mail("zend_mail", "zend mail", Named(&["send"])),
    mail("zend\\mail", "zend mail", Named(&["send"])),
    mail("laminas\\mail", "laminas mail", Named(&["send"])),
    queue("phpamqplib\\", "amqp", Named(&["basic_publish", "basic_consume", "basic_get"])),
    queue("illuminate\\support\\facades\\queue", "laravel queue", Named(&["push", "pushOn", "later", "bulk"])),
    queue("pheanstalk\\", "beanstalk", Named(&["put", "reserve"])),
    other("phpseclib", "phpseclib", "ssh", Named(&["login", "exec", "put", "get"])),
];

/// Functions of PHP: name, client, protocol, system, and the argument that says where to.
pub(super) static FUNCTIONS: [(&str, &str, &str, &str, usize); 38] = [
    ("curl_exec", "curl", "http", "", 0),
    ("curl_multi_exec", "curl", "http", "", 0),
    ("fsockopen", "socket", "socket", "", 0),
    ("pfsockopen", "socket", "socket", "", 0),
    ("stream_socket_client", "socket", "socket", "", 0),
    ("socket_connect", "socket", "socket", "", 1),
    ("mail", "mail", "smtp", "mail", 9),
    ("mb_send_mail", "mail", "smtp", "mail", 9),
    ("imap_open", "imap", "imap", "mail", 9),
    ("file_get_contents", "file_get_contents", "http", "", 0),
    ("fopen", "fopen", "http", "", 0),
    ("file", "file", "http", "", 0),
    ("readfile", "readfile", "http", "", 0),
    ("get_headers", "get_headers", "http", "", 0),
    ("simplexml_load_file", "simplexml", "http", "", 0),
    ("ftp_connect", "ftp", "ftp", "", 0),
    ("ftp_ssl_connect", "ftp", "ftp", "", 0),
    ("ftp_put", "ftp", "ftp", "", 9),
    ("ftp_get", "ftp", "ftp", "", 9),
    ("ftp_fput", "ftp", "ftp", "", 9),
    ("ftp_fget", "ftp", "ftp", "", 9),
    ("ftp_nlist", "ftp", "ftp", "", 9),
    ("ssh2_connect", "ssh2", "ssh", "", 0),
    ("ssh2_exec", "ssh2", "ssh", "", 9),
    ("ssh2_scp_send", "ssh2", "ssh", "", 9),
    ("ssh2_scp_recv", "ssh2", "ssh", "", 9),
    ("ldap_connect", "ldap", "ldap", "", 0),
    ("ldap_bind", "ldap", "ldap", "", 9),
    ("ldap_search", "ldap", "ldap", "", 9),
    ("wp_remote_get", "wordpress http", "http", "", 0),
    ("wp_remote_post", "wordpress http", "http", "", 0),
    ("wp_remote_head", "wordpress http", "http", "", 0),
    ("wp_remote_request", "wordpress http", "http", "", 0),
    ("wp_safe_remote_get", "wordpress http", "http", "", 0),
    ("wp_safe_remote_post", "wordpress http", "http", "", 0),
    ("wp_mail", "wordpress mail", "smtp", "mail", 9),
    ("drupal_http_request", "drupal http", "http", "", 0),
    ("snmpget", "snmp", "snmp", "", 0),
];

/// Functions that reach out only where what they open is an address.
pub(super) const OPENS_ANYTHING: [&str; 6] = ["file_get_contents", "fopen", "file", "readfile", "get_headers", "simplexml_load_file"];

impl Client {
    /// True when a call of something with this full name goes out. `()` stands for a call on the way.
    pub(super) fn goes_out(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.root) else { return false };
        let whole = rest.is_empty() || rest.starts_with(['.', '(', '\\', '/']) || self.root.ends_with(['\\', '/']);
        if !whole {
            return false;
        }
        let (before, last) = rest.rsplit_once('.').unwrap_or((rest, ""));
        match self.calls {
            Named(names) => names.contains(&last),
            AnyOf(names) => matches!(rest, "" | ".default" | ".create()" | ".extend()" | ".defaults()") || names.contains(&last),
            Made => before.matches("()").count() == 1 && !last.is_empty() && !makes(last),
            Except(names) => !last.is_empty() && !starts_big(last) && !makes(last) && !names.contains(&last) && before_is_direct(before),
        }
    }
}

/// What a call gave is no longer the library: `stripe.Charge.retrieve(id).items()`.
fn before_is_direct(before: &str) -> bool {
    before.matches("()").count() <= 1
        && before.split_once("()").is_none_or(|(maker, _)| maker.rsplit(['.', '\\']).next().is_some_and(is_maker))
}

/// Classes, and functions that give a client.
fn is_maker(name: &str) -> bool {
    starts_big(name) || makes(name) || matches!(name, "client" | "resource" | "stripeclient") || name.ends_with("client")
}

fn starts_big(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

fn makes(name: &str) -> bool {
    matches!(name, "__construct" | "on" | "once" | "then" | "catch" | "finally" | "toString" | "constructEvent")
}

from django.db import models


class StampedModel(models.Model):
    """Everything the office can edit carries these two columns."""

    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class HideableModel(StampedModel):
    hidden = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def hide(self):
        if not self.hidden:
            self.hidden = True
            self.save(update_fields=["hidden", "changed_at"])

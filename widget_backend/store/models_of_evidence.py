"""Tables of evidence. See `models.py`."""

from __future__ import annotations

from peewee import BlobField, CharField, CompositeKey, ForeignKeyField, IntegerField, Model

from widget_backend.store.models import ConsentRecord


class Seal(Model):
    """Which consent record is leaf number `leaf`, from 0, of its site's Merkle tree: for good.

    A tree a site, so that an owner can hand out its checkpoints, and nobody learns from them how
    much others save. `hash` is the leaf's. The last leaf of each block has in `block` the node of
    them all (`seals.py`).
    """

    site = CharField(40)
    leaf = IntegerField()
    ledger = ForeignKeyField(ConsentRecord, unique=True, on_delete="RESTRICT")
    hash = BlobField()
    block = BlobField(null=True)

    class Meta:
        primary_key = CompositeKey("site", "leaf")

"""Identities: one kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from .base import Identity
from .product import Product

__all__ = ["AnyIdentity", "Identity", "Product"]

AnyIdentity = Product

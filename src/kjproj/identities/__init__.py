"""Identities: one kind a file (sums of levels share one); to add one, write it and add it to the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .base import Identity
from .product import Product
from .ratio import Ratio
from .sums import Increase, Rolling, Since, Sum

__all__ = ["AnyIdentity", "Identity", "Increase", "Product", "Ratio", "Rolling", "Since", "Sum"]

AnyIdentity = Annotated[Product | Ratio | Sum | Increase | Since | Rolling, Field(discriminator="kind")]

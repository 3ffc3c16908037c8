"""From the figures of one series to the law of its levels to come: what all forecasters of other tools rest on."""

"""The words for yes and no in columns of text."""

YES_NO = {
    "true": True, "false": False, "yes": True, "no": False, "ja": True, "nein": False, "oui": True, "non": False,
    "sí": True, "si": True, "wahr": True, "falsch": False, "vrai": True, "faux": False, "t": True, "f": False,
    "y": True, "n": False,
}  # fmt: skip

"""Sentences that runs of format version 1 hold, brought to the words in use today."""

from __future__ import annotations

import re

# A pattern and its replacement, for each warning that version 1 wrote.
_SENTENCES = (
    (
        r"The loss became NaN or infinite at update ([\d,]+); (.*) were kept\. Likely: ",
        r"The loss became NaN or infinite at update \1; \2 were kept. Likely causes: ",
    ),
    (r"; the first weights were kept\.", "; the initial weights were kept."),
    (
        r"The scaler was fitted on all the data, the test part included \(scale_on all\), so test figures are a little "
        r"too good\.",
        "The scaler was fitted on all data, including the test set (fit_scaler_on all), so test metrics are slightly "
        "too good.",
    ),
    (
        r"batch_size (\d+) is more than there is to train on; each update sees all (\d+)\.",
        r"batch_size \1 is larger than the training set; each update uses all \2 training windows.",
    ),
    (
        r"Early stopping watched the test part \(valid_fraction 0\), so its best figure is a little too good\.",
        "Early stopping used the test set (val_fraction 0), so the best test metric is slightly too good.",
    ),
    (
        r"These are not the publisher's own numbers, so figures cannot be compared with published ones\.",
        "The numbers differ from the publisher's, so metrics cannot be compared with published ones.",
    ),
    (
        r"one sequence only, which cannot be both learned from and tested on\.",
        "one sequence only, which cannot be in both training and test set.",
    ),
    (
        r" is nowhere in the training part, so the network cannot learn to tell it\.",
        " does not occur in the training set, so the network cannot learn to predict it.",
    ),
    (
        r" are nowhere in the training part, so the network cannot learn to tell it\.",
        " do not occur in the training set, so the network cannot learn to predict them.",
    ),
    (
        r" never changes in the training part, so scaling makes it 0 and nothing can be learned from it\.",
        " is constant in the training set: scaling makes it 0, and the network learns nothing from it.",
    ),
    (
        r" never change in the training part, so scaling makes it 0 and nothing can be learned from it\.",
        " are constant in the training set: scaling makes them 0, and the network learns nothing from them.",
    ),
    (
        r"frame (\d+) leaves the last (\d+) of (\d+) samples unread\.",
        r"frame \1 does not divide \3 samples: the last \2 are not used.",
    ),
    (
        r"^(1 missing value of .*) filled by straight lines in time, the first at ",
        r"\1 was linearly interpolated, the first at ",
    ),
    (
        r"^([\d,]+ missing values of .*) filled by straight lines in time, the first at ",
        r"\1 were linearly interpolated, the first at ",
    ),
    (r"^(1 step of .* with missing values) were dropped, the first at ", r"\1 was dropped, the first at "),
    (
        r"; those around them follow each other at once\.$",
        "; the steps around them are treated as consecutive.",
    ),
    (
        r"^(.*), found beside (.*), gives the parts: ([\d,]+) sequences to train on and ([\d,]+) to test on; "
        r"test_fraction plays no part\.$",
        r"\1 was read together with \2: \3 training sequences and \4 test sequences; test_fraction is not used.",
    ),
    (r"; it was deleted and fetched again\.$", "; it was deleted and downloaded again."),
    (
        r" Nothing that was saved before has changed; make room or choose another place\.$",
        " Nothing that was saved before has changed; free some space or choose another folder.",
    ),
)

# Names that no sentence uses as plain words, wherever they stand.
_SETTINGS = (
    (r"\bscale_on\b", "fit_scaler_on"),
    (r"\bcell_init\b", "cell_initializer"),
    (r"\bhead_init\b", "head_initializer"),
    (r"\bhead_init_std\b", "head_initializer_std"),
    (r"\bvalid_fraction\b", "val_fraction"),
    (r"\bvalid_people\b", "val_subjects"),
)


def upgrade_sentence(sentence: str) -> str:
    """Return a warning or an error of a run of format version 1 in the words in use today.

    Args:
        sentence: The text; one that version 1 did not write is returned as it is.

    >>> upgrade_sentence("batch_size 32 is more than there is to train on; each update sees all 24.")
    'batch_size 32 is larger than the training set; each update uses all 24 training windows.'
    """
    for pattern, replacement in (*_SENTENCES, *_SETTINGS):
        sentence = re.sub(pattern, replacement, sentence)
    return sentence

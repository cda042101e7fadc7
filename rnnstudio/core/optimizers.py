"""The optimizers by the names users type: their classes in Keras, their sources, and whether they use `momentum`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """An optimizer.

    Attributes:
        name: Name in flags, Python and R.
        keras_class: Its class in `keras.optimizers`.
        description: One sentence with its source.
        momentum: Whether it uses the setting `momentum`.

    >>> OPTIMIZERS["adam"].keras_class
    'Adam'
    """

    name: str
    keras_class: str
    description: str
    momentum: bool = False


OPTIMIZERS = {
    o.name: o
    for o in (
        Optimizer(
            "sgd",
            "SGD",
            "Stochastic gradient descent; classical momentum where momentum is above 0.",
            momentum=True,
        ),
        Optimizer(
            "momentum",
            "SGD",
            "Gradient descent with classical momentum, by default 0.9 (Polyak 1964).",
            momentum=True,
        ),
        Optimizer(
            "nesterov",
            "SGD",
            "Gradient descent with Nesterov momentum, by default 0.9 (Nesterov 1983).",
            momentum=True,
        ),
        Optimizer(
            "adagrad",
            "Adagrad",
            "A step size per weight, divided by the root of the sum of its squared gradients (Duchi et al. 2011).",
        ),
        Optimizer("adadelta", "Adadelta", "Adagrad over a decaying window of past gradients (Zeiler 2012)."),
        Optimizer(
            "rmsprop",
            "RMSprop",
            "Gradients divided by a running root mean square (Tieleman & Hinton 2012).",
            momentum=True,
        ),
        Optimizer("adam", "Adam", "Running means of the gradient and the squared gradient (Kingma & Ba 2014)."),
        Optimizer("adamw", "AdamW", "Adam with decoupled weight decay (Loshchilov & Hutter 2017)."),
        Optimizer("adamax", "Adamax", "Adam with the infinity norm (Kingma & Ba 2014, section 7)."),
        Optimizer("nadam", "Nadam", "Adam with Nesterov momentum (Dozat 2016)."),
        Optimizer("lion", "Lion", "The sign of a running mean of the gradient (Chen et al. 2023)."),
        Optimizer("ftrl", "Ftrl", "Follow the regularized leader (McMahan et al. 2013)."),
    )
}

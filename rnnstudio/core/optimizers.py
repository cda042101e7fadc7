"""The optimizers by the names users type: where Keras has them, their sources, and which settings they heed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """One optimizer: the class in `keras.optimizers`, a sentence, and whether it heeds `momentum`."""

    name: str
    keras_class: str
    description: str
    momentum: bool = False


OPTIMIZERS = {
    o.name: o
    for o in (
        Optimizer(
            "sgd", "SGD", "Stochastic gradient descent; with momentum above 0 the classical heavy ball.", momentum=True
        ),
        Optimizer(
            "momentum", "SGD", "Gradient descent with momentum (Polyak 1964); 0.9 unless told otherwise.", momentum=True
        ),
        Optimizer(
            "nesterov",
            "SGD",
            "Gradient descent with Nesterov's accelerated momentum; 0.9 unless told otherwise.",
            momentum=True,
        ),
        Optimizer(
            "adagrad", "Adagrad", "A step size per weight that shrinks with its past gradients (Duchi et al. 2011)."
        ),
        Optimizer("adadelta", "Adadelta", "Adagrad over a sliding window of gradients (Zeiler 2012)."),
        Optimizer(
            "rmsprop",
            "RMSprop",
            "Gradients divided by a running root mean square (Tieleman & Hinton 2012).",
            momentum=True,
        ),
        Optimizer("adam", "Adam", "Running means of gradient and squared gradient (Kingma & Ba 2014)."),
        Optimizer("adamw", "AdamW", "Adam with decoupled weight decay (Loshchilov & Hutter 2017)."),
        Optimizer("adamax", "Adamax", "Adam with the infinity norm (Kingma & Ba 2014, section 7)."),
        Optimizer("nadam", "Nadam", "Adam with Nesterov's momentum (Dozat 2016)."),
        Optimizer("lion", "Lion", "The sign of a running mean of gradients (Chen et al. 2023)."),
        Optimizer("ftrl", "Ftrl", "Follow the regularised leader (McMahan et al. 2013)."),
    )
}

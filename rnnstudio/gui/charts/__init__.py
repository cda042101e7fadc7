"""The parts that plots are made of: axes, legend, downsampled lines, confusion matrix, card grid."""

"""What can be picked by name: data sets, cells and published works, one file each."""

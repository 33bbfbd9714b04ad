//! Stowplan: shows what is inside a container image and proves it.

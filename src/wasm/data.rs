//! The boundary: a layer read in two halves, or in one; see `www/layers/`.

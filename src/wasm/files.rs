//! The boundary: the files of an image, explored; see `www/layers/`.

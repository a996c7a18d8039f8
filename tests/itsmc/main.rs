//! Tests of the whole: the layers, the commands, the real incident log, crashes.

mod layers;

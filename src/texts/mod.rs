//! Everything the program says, in every language, checked by the compiler.

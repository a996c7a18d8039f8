mod binding;
mod checks;
mod refusals;
mod walking;

mod binding;
mod checks;
mod odd;
mod refusals;
mod walking;

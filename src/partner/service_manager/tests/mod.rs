mod binding;
mod checks;
mod layouts;
mod odd;
mod refusals;
mod sweeping;
mod walking;

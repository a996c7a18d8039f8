mod binding;
mod checklist;
mod drift;
mod layouts;
mod odd;
mod refusals;
mod sweeping;
mod walking;

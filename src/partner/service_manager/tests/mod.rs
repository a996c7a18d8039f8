mod binding;
mod checklist;
mod layouts;
mod odd;
mod refusals;
mod sweeping;
mod walking;

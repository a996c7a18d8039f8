//! Does what effects ask for: opens the places of a home, talks to partners, runs tasks.

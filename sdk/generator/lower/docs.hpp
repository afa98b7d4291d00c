// What documentation may hold: it goes into comments, strings and Markdown of every language, where some
// characters end a line, are no text at all, or show what follows in another order than compilers read it.
#pragma once

#include "generator/lower/complaints.hpp"

namespace tally::generator {

/// Complains about the first such character of each documentation of the interface.
void check_docs(const Node& interface, Complaints& complaints);

}  // namespace tally::generator

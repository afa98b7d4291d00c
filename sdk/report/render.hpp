// Verdicts as text for people and as JUnit XML for build servers.
#pragma once

#include <string>

#include "report/judge.hpp"

namespace tally::report {

/// Ends with what the verdict is. `limit`: at most so many sites; the rest is counted.
std::string as_text(const Report& merged, const Verdict& verdict, std::size_t limit);

/// "1 x codec.encoder of codec_zlib, created at ...", and its stack below it, indented.
std::string as_text(const Finding& finding);

/// What grows, and how; or that nothing does.
std::string as_text(const std::vector<Growth>& growing, std::size_t limit);

/// One test case for each class, which fails if something of it is out of balance, and one for misuses, which
/// fails if there are any and `misuses_fail`.
std::string as_junit(const Report& merged, const Verdict& verdict, bool misuses_fail);

}  // namespace tally::report

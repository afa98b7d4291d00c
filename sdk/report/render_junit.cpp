// Verdicts as JUnit XML.
#include <fmt/format.h>

#include "report/render.hpp"

namespace tally::report {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char each : text) {
    switch (each) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        result += static_cast<unsigned char>(each) < 0x20 ? '?' : each;  // XML has no other controls
    }
  }
  return result;
}

struct Case {
  std::string class_name;
  std::string name;
  std::string failure;  ///< empty: passed
  std::string details;
};

std::string as_xml(const Case& test) {
  const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                                       escaped(test.class_name), escaped(test.name));
  if (test.failure.empty()) return head + "/>\n";
  return head +
         fmt::format(">\n      <failure message=\"{}\" type=\"tallystick\">{}</failure>\n    </testcase>\n",
                     escaped(test.failure), escaped(test.details));
}

Case case_of(const Class& of, const Verdict& verdict) {
  Case test{of.module, of.name, "", ""};
  std::uint64_t left = 0;
  for (const Finding& each : verdict.fresh) {
    if (each.group.of != of) continue;
    left += each.count;
    test.details += as_text(each);
  }
  if (left != 0) test.failure = fmt::format("{} left behind", left);
  return test;
}

Case case_of_misuses(const Report& merged, bool they_fail) {
  Case test{"tallystick", "misuses", "", ""};
  std::uint64_t count = 0;
  for (const auto& [status, misuse] : merged.misuses) {
    count += misuse.count;
    test.details += fmt::format("{} x {}\n", misuse.count, misuse.first);
  }
  if (they_fail && count != 0) test.failure = fmt::format("{} misuse{}", count, count == 1 ? "" : "s");
  return test;
}

}  // namespace

std::string as_junit(const Report& merged, const Verdict& verdict, bool misuses_fail) {
  std::vector<Case> cases;
  for (const auto& [of, balance] : merged.balances) cases.push_back(case_of(of, verdict));
  cases.push_back(case_of_misuses(merged, misuses_fail));
  std::size_t failures = 0;
  std::string body;
  for (const Case& test : cases) {
    failures += !test.failure.empty();
    body += as_xml(test);
  }
  const std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\"", cases.size(), failures);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"tallystick\" {} "
      "time=\"0\" "
      "timestamp=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
      counts, merged.time.substr(0, 19), body);
}

}  // namespace tally::report

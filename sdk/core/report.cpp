// The ledger as text: the balance of each class, then what is live, grouped by class and site. For programs
// it is report_json.cpp.
#include <cstdio>
#include <cstring>

#include "services.hpp"
#include "summary.hpp"
#include "tally/report.h"
#include "writer.hpp"

namespace tally::core {
namespace {

constexpr std::size_t kMostGroups = 100;  // more is for programs to read: the JSON has all
int width_of(Summary& summary, const char* tally_balance::*column, int least) {
  int width = least;
  for (const tally_balance& balance : summary.balances()) {
    const int length = static_cast<int>(std::strlen(balance.*column));
    if (length > width) width = length;
  }
  return width;
}

void write_balances(Writer& out, Summary& summary) {
  const int module = width_of(summary, &tally_balance::module, 6);
  const int name = width_of(summary, &tally_balance::class_name, 5);
  out.print("%-*s  %-*s  %9s  %9s  %9s\n", module, "module", name, "class", "issued", "retired", "live");
  for (const tally_balance& balance : summary.balances()) {
    out.print("%-*s  %-*s  %9llu  %9llu  %9llu", module, balance.module, name, balance.class_name,
              static_cast<unsigned long long>(balance.issued),
              static_cast<unsigned long long>(balance.retired),
              static_cast<unsigned long long>(balance.live));
    if (balance.bytes) out.print("  %llu bytes", static_cast<unsigned long long>(balance.bytes));
    if (balance.deferred) {
      out.print("  (%llu deferred)", static_cast<unsigned long long>(balance.deferred));
    }
    out.print("\n");
  }
}

void write_group(Writer& out, const Group& group) {
  char place[1024];
  place_text(group.created, place, sizeof place);
  out.print("  %llu x %s of %s, created at %s%s\n", static_cast<unsigned long long>(group.count),
            group.class_name, group.module, place,
            group.deferred ? "; destroyed, but its destructor has not run" : "");
  tally_site frames[kMostFrames];
  const std::size_t count = site_stack(group.created, frames, kMostFrames);
  for (std::size_t i = 1; i < count; ++i) {
    place_text(frames[i], place, sizeof place);
    out.print("      called from %s\n", place);
  }
}

void write_groups(Writer& out, Summary& summary) {
  const bool is_one = summary.left() == 1;
  const char* const state = exiting() ? (is_one ? "was never given back" : "were never given back")
                                      : (is_one ? "is live" : "are live");
  out.print("tallystick: %llu %s %s:\n", static_cast<unsigned long long>(summary.left()),
            is_one ? "object" : "objects", state);
  std::uint64_t more = 0;
  for (std::size_t i = 0; i < summary.groups().size(); ++i) {
    if (i < kMostGroups)
      write_group(out, summary.groups()[i]);
    else
      more += summary.groups()[i].count;
  }
  if (more != 0) {
    out.print("  and %llu more, of %llu other sites; TALLY_REPORT=FILE writes all of them, as JSON\n",
              static_cast<unsigned long long>(more),
              static_cast<unsigned long long>(summary.groups().size() - kMostGroups));
  }
}

}  // namespace

std::uint64_t report(int descriptor, int format) {
  Summary summary;
  Writer out(descriptor);
  if (format == TALLY_REPORT_JSON) {
    write_json(out, summary, "demand");
  } else {
    if (format != TALLY_REPORT_LEFT) write_balances(out, summary);
    if (summary.left() != 0) write_groups(out, summary);
  }
  close_symbols();
  return summary.left();
}

}  // namespace tally::core

// Verdicts as text.
#include <fmt/format.h>

#include "report/render.hpp"

namespace tally::report {
namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string objects(std::uint64_t count) {
  return counted(count, "object", "objects");
}

std::string heading(const Report& merged) {
  std::uint64_t issued = 0;
  std::uint64_t retired = 0;
  for (const auto& [of, balance] : merged.balances) {
    issued += balance.issued;
    retired += balance.retired;
  }
  return fmt::format("{}: {} issued, {} retired, {} left\n",
                     counted(merged.processes, "process", "processes"), issued, retired, merged.count_left());
}

std::string passed(const Verdict& verdict) {
  std::string text;
  if (verdict.known != 0) text += fmt::format("known from the baseline: {}\n", objects(verdict.known));
  if (verdict.gone != 0)
    text += fmt::format("in the baseline, and left no more: {}\n", objects(verdict.gone));
  if (verdict.hidden != 0) text += fmt::format("suppressed: {}\n", objects(verdict.hidden));
  for (const std::string& remark : verdict.remarks) text += remark + '\n';
  return text;
}

std::string misuses(const Report& merged) {
  std::string text;
  for (const auto& [status, misuse] : merged.misuses)
    text += fmt::format("{}, the first: {}\n", counted(misuse.count, "misuse", "misuses"), misuse.first);
  return text;
}

std::string line_of(const Growth& growing) {
  std::string counts;
  for (const std::uint64_t count : growing.counts)
    counts += fmt::format("{}{}", counts.empty() ? "" : " -> ", count);
  return fmt::format("  {} of {}, created at {}: {} in {}\n", growing.group.of.name, growing.group.of.module,
                     growing.group.created.text(), counts, growing.process);
}

std::string line_of(const Finding& finding) {
  return as_text(finding);
}

template <class Each>
std::string some(const std::vector<Each>& all, std::size_t limit) {
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < limit; ++i) text += line_of(all[i]);
  if (all.size() > limit)
    text += fmt::format("  and {} (see --limit)\n", counted(all.size() - limit, "more site", "more sites"));
  return text;
}

}  // namespace

std::string as_text(const Finding& finding) {
  std::string text =
      fmt::format("  {} x {} of {}, created at {}{}\n", finding.count, finding.group.of.name,
                  finding.group.of.module, finding.group.created.text(),
                  finding.group.is_deferred ? "; destroyed, but its destructor has not run" : "");
  for (std::size_t i = 1; i < finding.group.stack.size(); ++i)
    text += fmt::format("      called from {}\n", finding.group.stack[i].text());
  return text;
}

std::string as_text(const Report& merged, const Verdict& verdict, std::size_t limit) {
  const std::string rest = passed(verdict) + misuses(merged);
  if (verdict.fresh.empty()) return heading(merged) + rest + "in balance\n";
  return heading(merged) + some(verdict.fresh, limit) + rest +
         fmt::format("out of balance: {} at {}\n", objects(verdict.count_fresh()),
                     counted(verdict.fresh.size(), "site", "sites"));
}

std::string as_text(const std::vector<Growth>& growing, std::size_t limit) {
  if (growing.empty()) return "nothing only grows\n";
  return some(growing, limit) + fmt::format("growing: {}\n", counted(growing.size(), "site", "sites"));
}

}  // namespace tally::report

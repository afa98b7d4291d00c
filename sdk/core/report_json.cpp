// A report for programs: one JSON document on one line, as abi/schema/report.schema.json has it.
#include <unistd.h>
#include <utf8/core.h>

#include <cstring>
#include <ctime>

#include "services.hpp"
#include "summary.hpp"
#include "tally/version.h"
#include "writer.hpp"

namespace tally::core {
namespace {

unsigned long long number(std::uint64_t value) {
  return value;
}

void write_well_formed(Writer& out, const char* text, const char* end) {
  for (; text != end; ++text) {
    if (static_cast<unsigned char>(*text) < 0x20) {
      out.print("\\u%04x", static_cast<unsigned>(*text));
      continue;
    }
    if (*text == '"' || *text == '\\') out.put('\\');
    out.put(*text);
  }
}

// What is not UTF-8 (a path may be anything) becomes '?', so that the document is JSON whatever comes.
void write_text(Writer& out, const char* text) {
  const char* const end = text + std::strlen(text);
  out.put('"');
  while (text != end) {
    const char* const bad = utf8::find_invalid(text, end);
    write_well_formed(out, text, bad);
    if (bad != end) out.put('?');
    text = bad == end ? end : bad + 1;
  }
  out.put('"');
}

void write_member(Writer& out, const char* name, const char* text) {
  out.print("\"%s\":", name);
  write_text(out, text);
}

void write_place(Writer& out, tally_site site) {
  char text[1024];
  out.print("{");
  site_text(site, text, sizeof text);
  write_member(out, "site", text);
  if (describe_place(site, text, sizeof text)) {
    out.print(",");
    write_member(out, "place", text);
  }
  out.print("}");
}

void write_created(Writer& out, tally_site site) {
  write_place(out, site);
  tally_site frames[kMostFrames];
  const std::size_t count = site_stack(site, frames, kMostFrames);
  if (count < 2) return;
  out.print(",\"stack\":[");
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out.print(",");
    write_place(out, frames[i]);
  }
  out.print("]");
}

void write_balance(Writer& out, const tally_balance& balance) {
  out.print("{");
  write_member(out, "module", balance.module);
  out.print(",");
  write_member(out, "class", balance.class_name);
  out.print(",\"issued\":%llu,\"retired\":%llu,\"live\":%llu,\"deferred\":%llu,\"bytes\":%llu}",
            number(balance.issued), number(balance.retired), number(balance.live), number(balance.deferred),
            number(balance.bytes));
}

void write_left(Writer& out, const Group& group) {
  out.print("{");
  write_member(out, "module", group.module);
  out.print(",");
  write_member(out, "class", group.class_name);
  out.print(",\"count\":%llu,\"deferred\":%s,\"created\":", number(group.count),
            group.deferred ? "true" : "false");
  write_created(out, group.created);
  out.print("}");
}

void write_misuses(Writer& out) {
  bool is_first = true;
  for (std::uint32_t kind = 0; kind < kMisuseKinds; ++kind) {
    tally_error first;
    const std::uint64_t count = misuses_of(kind, &first);
    if (count == 0) continue;
    out.print("%s{\"status\":%d,\"count\":%llu,", is_first ? "" : ",", static_cast<int>(first.status),
              number(count));
    write_member(out, "first", first.text);
    out.print("}");
    is_first = false;
  }
}

}  // namespace

void write_json(Writer& out, Summary& summary, const char* moment) {
  char program[4096];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length > 0 ? length : 0] = '\0';
  char time[32] = "";
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  if (gmtime_r(&now, &utc)) std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &utc);

  out.print(
      "{\"schema\":\"tallystick-report\",\"version\":1,\"release\":\"%s\",\"moment\":\"%s\",\"time\":\"%s\"",
      TALLY_RELEASE_STRING, moment, time);
  out.print(",\"process\":{\"id\":%d,", static_cast<int>(getpid()));
  write_member(out, "program", program);
  out.print("},\"balances\":[");
  for (std::size_t i = 0; i < summary.balances().size(); ++i) {
    if (i != 0) out.print(",");
    write_balance(out, summary.balances()[i]);
  }
  out.print("],\"left\":[");
  for (std::size_t i = 0; i < summary.groups().size(); ++i) {
    if (i != 0) out.print(",");
    write_left(out, summary.groups()[i]);
  }
  out.print("],\"misuses\":[");
  write_misuses(out);
  out.print("]}\n");
}

}  // namespace tally::core

// Each description in mistakes/ is answered with exactly the text beside it. To accept new answers after
// reading them: run with TALLYSTICK_ACCEPT=1.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "generator/generate.hpp"
#include "temporary_folder.hpp"

namespace tally::generator {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> descriptions() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(TALLYSTICK_MISTAKES))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class Mistakes : public ::testing::TestWithParam<std::string> {};

TEST_P(Mistakes, AreReportedInExactlyTheseWords) {
  const fs::path folder = TALLYSTICK_MISTAKES;
  const std::string file = GetParam() + ".json";
  const fs::path expected = folder / (GetParam() + ".txt");
  const Loaded loaded = load_text(file, testing::content_of(folder / file));
  EXPECT_FALSE(loaded);
  if (std::getenv("TALLYSTICK_ACCEPT") != nullptr) std::ofstream(expected) << loaded.diagnostics.text();
  EXPECT_EQ(loaded.diagnostics.text(), testing::content_of(expected));
}

INSTANTIATE_TEST_SUITE_P(Descriptions, Mistakes, ::testing::ValuesIn(descriptions()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace tally::generator

// What can be read of a module without running it, and what is said of files that are none.
#include "inspect/module_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace tally::inspect {
namespace {

TEST(ModuleFile, HoldsItsDescriptorAndItsExports) {
  const Read read = read_module(PROBE);
  ASSERT_TRUE(read.module) << read.problem;
  ASSERT_EQ(read.module->descriptors.size(), 1u);
  EXPECT_NE(read.module->descriptors[0].find("\"interface\": \"probe\""), std::string::npos);
  EXPECT_TRUE(std::ranges::binary_search(read.module->exports, std::string("tally_module_entry")));
  EXPECT_TRUE(std::ranges::binary_search(read.module->exports, std::string("probe_probe_create")));
  for (const std::string& symbol : read.module->exports) {
    EXPECT_TRUE(symbol == "tally_module_entry" || symbol.starts_with("probe_")) << symbol;
  }
}

TEST(ModuleFile, ASharedLibraryWithoutADescriptorIsNoModule) {
  EXPECT_EQ(read_module(NO_MODULE).problem,
            "not a module: it has no section .tallystick, which the generated glue puts there");
}

TEST(ModuleFile, OtherFilesAreNamed) {
  EXPECT_EQ(read_module("/there/is/no/such.so").problem, "can't be opened: No such file or directory");
  EXPECT_EQ(read_module(__FILE__).problem,
            "not a module: it is no shared library (ELF file), or is cut short");
  EXPECT_FALSE(read_module(std::filesystem::temp_directory_path()).module);
}

TEST(ModuleFile, ATruncatedModuleIsRefusedAtEverySize) {
  const auto path = std::filesystem::temp_directory_path() / "tallystick_inspect_truncated.so";
  std::filesystem::copy_file(PROBE, path, std::filesystem::copy_options::overwrite_existing);
  for (std::uintmax_t size = std::filesystem::file_size(path) * 3 / 4; size > 0; size = size * 3 / 4) {
    std::filesystem::resize_file(path, size);
    EXPECT_FALSE(read_module(path).module) << size;
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tally::inspect

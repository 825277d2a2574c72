// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/rotation.hpp"

#include "support/catch.hpp"
#include "support/contents.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("tidy: what was left uncompressed or unfinished is made good", "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  directory.write("alerts.json.2", "two\n");
  directory.write("alerts.json.3", "three\n");
  directory.write("alerts.json.3.zst", "a whole one, whose source was not yet removed\n");
  directory.write("alerts.json.10.zst.new", "half");
  directory.write("alerts.json.10", "ten\n");
  CHECK(rotated_files(file).back().number == 10);
  std::stop_source stopped;
  stopped.request_stop();
  tidy(file, 10, FileCompression::zstd, stopped.get_token());
  CHECK(contents(directory.path() / "alerts.json.2") == "two\n");
  tidy(file, 10, FileCompression::zstd, {});
  std::vector<std::string> names;
  for (const RotatedFile& found : rotated_files(file))
    names.push_back(found.path.filename().string());
  CHECK(names == Lines{"alerts.json.2.zst", "alerts.json.3.zst", "alerts.json.10.zst"});
  CHECK_FALSE(std::filesystem::exists(directory.path() / "alerts.json.10.zst.new"));
  tidy(file, 0, FileCompression::zstd, {});
  CHECK(rotated_files(file).empty());
}

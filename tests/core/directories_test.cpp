// SPDX-License-Identifier: Apache-2.0
#include "core/directories.hpp"

#include <sys/stat.h>

#include <system_error>

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace fs = std::filesystem;

TEST_CASE("Directories: what is made is not for everybody, what exists stays as it is",
          "[directories]") {
  Directory directory;
  fs::path old = directory.path() / "old";
  mode_t umask = ::umask(0);
  fs::create_directory(old);
  std::vector<fs::path> made = make_directories(old / "state" / "spool" / "");
  ::umask(umask);
  CHECK(made == std::vector{old / "state", old / "state" / "spool"});
  CHECK(fs::status(old).permissions() == fs::perms(0777));
  CHECK(fs::status(old / "state").permissions() == fs::perms(0750));
  CHECK(fs::status(old / "state" / "spool").permissions() == fs::perms(0750));
  CHECK(make_directories(old / "state").empty());
  fs::path file = directory.write("file", "");
  CHECK_THROWS_AS(make_directories(file), std::system_error);
  CHECK_THROWS_AS(make_directories(file / "below"), std::system_error);
}

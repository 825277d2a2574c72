// SPDX-License-Identifier: Apache-2.0
#include "deliver/orphans.hpp"

#include "deliver/spool.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/records.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace fs = std::filesystem;

TEST_CASE("Orphans: spools in which something waits and that are of no output", "[spool]") {
  Directory directory;
  CHECK(find_orphans(directory.path() / "spool", {}).empty());
  fs::path spools = directory.path() / "spool";
  for (const char* name : {"old", "older", "mine", "empty"}) {
    Spool spool(spools / name, {});
    for (unsigned i = 0; i < 3; ++i) spool.append(numbered(i));
    if (std::string(name) == "empty")
      for (const auto& entry : spool.read(0, 10, 1 << 20)) spool.done(entry.position);
  }
  directory.write("spool/lost+found/file", "");
  directory.write("spool/file.seg", "");
  std::vector<Orphan> orphans = find_orphans(spools, {"mine"});
  REQUIRE(orphans.size() == 2);
  CHECK(orphans[0].name == "old");
  CHECK(orphans[0].directory == spools / "old");
  CHECK(orphans[0].waiting == 3);
  CHECK(orphans[0].oldest == numbered(0).time);
  CHECK(orphans[1].name == "older");
  CHECK_FALSE(fs::exists(spools / "lost+found" / "lock"));
  // They are left as they are.
  Spool spool(spools / "old", {});
  CHECK(spool.waiting() == 3);
  orphans = find_orphans(spools, {"mine", "older"});
  REQUIRE(orphans.size() == 1);
  CHECK(orphans[0].error == (spools / "old").string() + ": another agent has this spool");
}

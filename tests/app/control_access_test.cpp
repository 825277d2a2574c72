// SPDX-License-Identifier: Apache-2.0
// Who gets to the control socket.
#include "app/control_access.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace fs = std::filesystem;

namespace {

const std::string group = "daemon";  // number 1 on every Linux

struct stat status_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status;
}

struct Place {
  Place() {
    fs::permissions(directory.path(), fs::perms(0755));
    settings.state.directory = directory.path() / "lib" / "state";
    settings.control.group = group;
  }
  void make(mode_t mask) const {
    mode_t before = ::umask(mask);
    make_state_directory(settings);
    ::umask(before);
  }
  fs::path wall() const { return barrier(socket_path(settings), group); }

  Directory directory;
  config::Settings settings;
};

}  // namespace

TEST_CASE("Control access: the group may go through what the agent makes, and no more",
          "[control]") {
  if (::geteuid() != 0) {
    WARN("needs root, to be of that group");
    return;
  }
  for (mode_t mask : {0, 022, 077}) {
    Place place;
    place.make(mask);
    for (const fs::path& made :
         {place.settings.state.directory, place.settings.state.directory.parent_path()}) {
      CHECK((status_of(made).st_mode & 0777) == 0710);
      CHECK(status_of(made).st_gid == 1);
    }
    CHECK(place.wall() == "");
  }
}

TEST_CASE("Control access: a directory that exists is left, and named where it bars the way",
          "[control]") {
  Place place;
  fs::create_directories(place.settings.state.directory);
  fs::permissions(place.settings.state.directory, fs::perms(0700));
  place.make(022);
  CHECK((status_of(place.settings.state.directory).st_mode & 0777) == 0700);
  CHECK(place.wall() == fs::canonical(place.settings.state.directory));
  fs::permissions(place.settings.state.directory.parent_path(), fs::perms(0750));
  if (::getegid() != 1) CHECK(place.wall() == fs::canonical(place.directory.path() / "lib"));
  fs::permissions(place.settings.state.directory.parent_path(), fs::perms(0755));
  fs::permissions(place.settings.state.directory, fs::perms(0701));
  CHECK(place.wall() == "");
}

TEST_CASE("Control access: nobody but root gets into the state of a dynamic user", "[control]") {
  fs::path wall = barrier("/var/lib/private/tapwarden/control.sock", group);
  CHECK((wall == "/var/lib/private" || wall == "/var/lib"));
}

TEST_CASE("Control access: a state beside the socket is nobody's business", "[control]") {
  Place place;
  place.settings.control.socket = place.directory.path() / "control.sock";
  place.make(0);
  CHECK((status_of(place.settings.state.directory).st_mode & 0777) == 0750);
  CHECK(status_of(place.settings.state.directory).st_gid != 1);
  CHECK(place.wall() == "");
}

TEST_CASE("Control access: where the agent is not of the group it leaves nothing", "[control]") {
  if (::geteuid() != 0) {
    WARN("needs root, to be another");
    return;
  }
  Place place;
  fs::permissions(place.directory.path(), fs::perms(0777));
  REQUIRE(::setegid(65534) == 0);
  REQUIRE(::seteuid(65534) == 0);
  std::string why;
  try {
    place.make(022);
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  REQUIRE(::seteuid(0) == 0);
  REQUIRE(::setegid(0) == 0);
  CHECK(why == "control.group: " + (place.directory.path() / "lib").string() +
                   " cannot be given to the group \"daemon\": Operation not permitted: the agent's "
                   "own user must be in it, SupplementaryGroups in its unit");
  CHECK_FALSE(fs::exists(place.directory.path() / "lib"));
}

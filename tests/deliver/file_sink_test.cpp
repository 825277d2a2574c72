// SPDX-License-Identifier: Apache-2.0
#include "deliver/file_sink.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "support/catch.hpp"
#include "support/contents.hpp"
#include "support/files.hpp"
#include "support/full_disk.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Record record(std::string line) { return {RecordKind::alert, {}, std::move(line)}; }

}  // namespace

TEST_CASE("FileSink: each record is a line, behind what was there", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.write("alerts.json", "old\n");
  FileSink sink(file);
  CHECK(sink.path() == file);
  sink.write(record("one"));
  CHECK(contents(file) == "old\none\n");
  sink.write(record("two"));
  CHECK(contents(file) == "old\none\ntwo\n");
  CHECK_FALSE(sink.is_behind());
  CHECK(sink.failures() == 0);
  CHECK(sink.lost() == 0);
  CHECK(sink.error() == "");
}

TEST_CASE("FileSink: a file that it makes is not for everybody to read", "[deliver]") {
  Directory directory;
  FileSink sink(directory.path() / "alerts.json");
  struct stat status {};
  REQUIRE(::stat(sink.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0007) == 0);
}

TEST_CASE("FileSink: what cannot be opened is thrown with its reason", "[deliver]") {
  Directory directory;
  auto reason = [](const std::string& path) {
    try {
      FileSink sink(path);
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  CHECK(reason(directory.path() / "none" / "alerts.json") == std::errc::no_such_file_or_directory);
  CHECK(reason(directory.path()) == std::errc::is_a_directory);
}

TEST_CASE("FileSink: after a rotation the next line goes to the new file", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.path() / "alerts.json";
  std::filesystem::path moved = directory.path() / "alerts.json.1";
  FileSink sink(file);
  sink.write(record("one"));
  std::filesystem::rename(file, moved);
  sink.write(record("two"));  // not told yet
  CHECK(sink.reopen());
  sink.write(record("three"));
  CHECK(contents(moved) == "one\ntwo\n");
  CHECK(contents(file) == "three\n");
}

TEST_CASE("FileSink: where it cannot be opened anew the old file stays", "[deliver]") {
  Directory directory;
  std::filesystem::path folder = directory.path() / "log";
  std::filesystem::create_directory(folder);
  FileSink sink(folder / "alerts.json");
  std::filesystem::rename(folder, directory.path() / "moved");
  CHECK_FALSE(sink.reopen());
  sink.write(record("one"));
  CHECK(contents(directory.path() / "moved" / "alerts.json") == "one\n");
  CHECK(sink.failures() == 0);
}

TEST_CASE("FileSink: while the disk is full lines are kept, and written when it is not",
          "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.path() / "alerts.json";
  FileSink sink(file);
  sink.write(record("one"));
  {
    FullDisk full(4);
    for (const char* line : {"two", "three"}) sink.write(record(line));
    CHECK(sink.is_behind());
    CHECK(sink.failures() == 2);
    CHECK(sink.error() == "File too large");
    CHECK(contents(file) == "one\n");
    sink.retry();
    CHECK(sink.failures() == 3);
  }
  sink.retry();
  CHECK(contents(file) == "one\ntwo\nthree\n");
  CHECK_FALSE(sink.is_behind());
  CHECK(sink.failures() == 3);
  CHECK(sink.lost() == 0);
}

TEST_CASE("FileSink: of a line that found room in part nothing stays", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.path() / "alerts.json";
  FileSink sink(file);
  {
    FullDisk full(10);
    sink.write(record("one"));
    sink.write(record("a line that is longer"));
    CHECK(contents(file) == "one\n");
    sink.write(record("last"));
    CHECK(contents(file) == "one\n");
  }
  std::filesystem::rename(file, directory.path() / "moved");
  CHECK(sink.reopen());
  sink.retry();
  CHECK(contents(directory.path() / "moved") == "one\n");
  CHECK(contents(file) == "a line that is longer\nlast\n");
}

TEST_CASE("FileSink: a disk that takes nothing costs the oldest lines, counted", "[deliver]") {
  FileSink sink("/dev/full");
  std::string line(1023, 'x');
  constexpr size_t room = FileSink::kept_max / 1024;
  for (size_t i = 0; i < room; ++i) sink.write(record(line));
  CHECK(sink.lost() == 0);
  CHECK(sink.is_behind());
  CHECK(sink.failures() == room);
  CHECK(sink.error() == "No space left on device");
  for (int i = 0; i < 5; ++i) sink.write(record(line));
  CHECK(sink.lost() == 5);
  sink.write(record(std::string(2047, 'y')));  // takes the room of two
  CHECK(sink.lost() == 7);
  sink.write(record(std::string(FileSink::kept_max, 'z')));  // never fits, and costs all others
  CHECK(sink.lost() == 7 + room - 1 + 1);
  CHECK_FALSE(sink.is_behind());
}

TEST_CASE("FileSink: the newest lines are those that are kept", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.path() / "alerts.json";
  FileSink sink(file);
  {
    FullDisk full(0);
    sink.write(record("oldest"));
    sink.write(record("older"));
    sink.write(record(std::string(FileSink::kept_max - 4, 'x')));
    CHECK(sink.lost() == 2);
    sink.write(record("new"));
    CHECK(sink.lost() == 3);
  }
  sink.retry();
  CHECK(contents(file) == "new\n");
}

TEST_CASE("FileSink: a reader that does not read is not waited for", "[deliver]") {
  Directory directory;
  std::string path = directory.path() / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  std::string expected;
  {
    FileSink sink(path);
    for (int i = 0; i < 200; ++i) {  // more than a pipe holds
      std::string line = std::to_string(i) + ' ' + std::string(1000, 'x');
      expected += line + '\n';
      sink.write(record(line));
    }
    CHECK(sink.is_behind());
    CHECK(sink.error() == "its reader does not read");
    CHECK(sink.failures() > 0);
    CHECK(sink.lost() == 0);
    std::string taken;
    std::string buffer(65536, '\0');
    for (int i = 0; i < 1000 && taken.size() < expected.size(); ++i) {
      ssize_t count = ::read(reader, buffer.data(), buffer.size());
      if (count > 0) taken.append(buffer, 0, static_cast<size_t>(count));
      sink.retry();
    }
    CHECK(taken == expected);
    CHECK_FALSE(sink.is_behind());
  }
  ::close(reader);
}

TEST_CASE("FileSink: what is kept is tried once more at the end", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.path() / "alerts.json";
  auto sink = std::make_unique<FileSink>(file);
  {
    FullDisk full(0);
    sink->write(record("one"));
  }
  CHECK(contents(file) == "");
  sink.reset();
  CHECK(contents(file) == "one\n");
}

TEST_CASE("A snapshot is there whole or not at all", "[deliver]") {
  Directory directory;
  std::filesystem::path file = directory.write("devices.json", "old\n");
  write_whole(file, "new\n");
  CHECK(contents(file) == "new\n");
  {
    FullDisk full(2);
    CHECK_THROWS_AS(write_whole(file, "newer\n"), std::system_error);
  }
  CHECK(contents(file) == "new\n");
  CHECK_THROWS_AS(write_whole(directory.path() / "none" / "x", "y"), std::system_error);
  std::filesystem::create_directory(directory.path() / "folder");
  CHECK_THROWS_AS(write_whole(directory.path() / "folder", "y"), std::system_error);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
    files += entry.is_regular_file() ? 1 : 0;
  CHECK(files == 1);  // nothing half-made stays behind
  write_whole(file, "");
  CHECK(contents(file) == "");
}

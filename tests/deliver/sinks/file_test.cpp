// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>

#include "support/catch.hpp"
#include "support/contents.hpp"
#include "support/files.hpp"
#include "support/full_disk.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using std::chrono::milliseconds;

namespace {

std::atomic<int> forced = 0;  // files, and not directories

}  // namespace

/// In place of the C library's.
extern "C" int fsync(int file) {
  struct stat what {};
  if (::fstat(file, &what) == 0 && !S_ISDIR(what.st_mode)) ++forced;
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace {

/// A sink and the loop that it is on.
class Output {
 public:
  explicit Output(FileSettings settings) {
    std::signal(SIGPIPE, SIG_IGN);
    sink_ = file_sink(loop_.get_executor(), std::move(settings));
  }

  std::vector<Delivery> deliver(const std::vector<std::string>& texts,
                                RecordKind kind = RecordKind::alert) {
    std::optional<std::vector<Delivery>> result;
    begin(
        texts, [&](std::vector<Delivery> answers) { result = std::move(answers); }, kind);
    CHECK_FALSE(result);  // never from within
    loop_.restart();
    loop_.run();
    REQUIRE(result);
    REQUIRE(result->size() == texts.size());
    return *result;
  }
  /// How many were delivered, all of them before the first that was not.
  size_t delivered(const std::vector<std::string>& texts, RecordKind kind = RecordKind::alert) {
    auto answers = deliver(texts, kind);
    size_t count = 0;
    while (count < answers.size() && answers[count].outcome == Outcome::delivered) ++count;
    for (size_t i = count; i < answers.size(); ++i) REQUIRE(answers[i].outcome == Outcome::retry);
    error_ = count < answers.size() ? answers[count].error : "";
    return count;
  }
  void begin(const std::vector<std::string>& texts, Sink::Done done,
             RecordKind kind = RecordKind::alert) {
    batch_.clear();
    for (const std::string& text : texts) {
      batch_.emplace_back();
      batch_.back().kind = kind;
      batch_.back().id = text.substr(0, 20);
      batch_.back().text = text;
    }
    sink_->deliver(batch_, std::move(done));
  }
  void end() { sink_.reset(); }
  void run() { loop_.run(); }
  Sink& sink() { return *sink_; }
  /// Why the first that was not delivered was not.
  const std::string& error() const { return error_; }

 private:
  boost::asio::io_context loop_;
  std::unique_ptr<Sink> sink_;
  std::vector<Message> batch_;
  std::string error_;
};

FileSettings at(const std::filesystem::path& path) {
  FileSettings settings;
  settings.path = path;
  settings.size_max = 0;
  settings.timeout = milliseconds(50);
  return settings;
}

int open_reader(const std::filesystem::path& pipe) {
  return ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

std::string read_some(int reader) {
  std::string buffer(1 << 20, '\0');
  ssize_t count = ::read(reader, buffer.data(), buffer.size());
  return buffer.substr(0, count > 0 ? static_cast<size_t>(count) : 0);
}

std::vector<std::string> numbered(size_t count, size_t size) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i)
    texts.push_back(std::to_string(1000 + i) + ' ' + std::string(size, 'x'));
  return texts;
}

}  // namespace

TEST_CASE("file_sink: a message is a line, behind what was there", "[deliver]") {
  Directory directory;
  auto file = directory.write("alerts.json", "old\n");
  Output output(at(file));
  CHECK(output.deliver({"one", "two"}) == std::vector<Delivery>(2, {Outcome::delivered}));
  CHECK(output.delivered({"three"}) == 1);
  CHECK(contents(file) == "old\none\ntwo\nthree\n");
}

TEST_CASE("file_sink: a line that a killed agent left unfinished is not gone on with",
          "[deliver]") {
  Directory directory;
  auto file = directory.write("alerts.json", "one\nhalf of");
  {
    Output output({.path = file});
    CHECK(output.deliver({"two"})[0].outcome == Outcome::delivered);
  }
  CHECK(contents(file) == "one\nhalf of\ntwo\n");
  Output again({.path = file});
  CHECK(again.deliver({"three"})[0].outcome == Outcome::delivered);
  CHECK(contents(file) == "one\nhalf of\ntwo\nthree\n");
}

TEST_CASE("file_sink: a file that it makes is not for everybody to read", "[deliver]") {
  Directory directory;
  Output output(at(directory.path() / "alerts.json"));
  struct stat status {};
  REQUIRE(::stat((directory.path() / "alerts.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 0007) == 0);
}

TEST_CASE("file_sink: what cannot be opened is thrown with its reason", "[deliver]") {
  Directory directory;
  auto reason = [](const std::filesystem::path& path) {
    try {
      Output output(at(path));
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  CHECK(reason(directory.path() / "none" / "alerts.json") == std::errc::no_such_file_or_directory);
  CHECK(reason(directory.path()) == std::errc::is_a_directory);
}

TEST_CASE("file_sink: a file that was moved or removed is made anew with the next message",
          "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  Output output(at(file));
  CHECK(output.delivered({"one"}) == 1);
  std::filesystem::rename(file, directory.path() / "moved");
  CHECK(output.delivered({"two"}) == 1);
  CHECK(contents(directory.path() / "moved") == "one\n");
  CHECK(contents(file) == "two\n");
  std::filesystem::remove(file);
  CHECK(output.delivered({"three"}) == 1);
  CHECK(contents(file) == "three\n");
  std::filesystem::rename(file, directory.path() / "again");
  output.sink().reopen();
  CHECK(contents(file) == "");
}

TEST_CASE("file_sink: while no new file can be made the old one is written, if it has a name",
          "[deliver]") {
  Directory directory;
  auto folder = directory.path() / "log";
  std::filesystem::create_directory(folder);
  Output output(at(folder / "alerts.json"));
  std::filesystem::rename(folder, directory.path() / "moved");
  output.sink().reopen();
  CHECK(output.delivered({"one"}) == 1);
  CHECK(contents(directory.path() / "moved" / "alerts.json") == "one\n");
  std::filesystem::remove_all(directory.path() / "moved");
  CHECK(output.delivered({"two"}) == 0);
  CHECK(output.error() == (folder / "alerts.json").string() + ": No such file or directory");
  std::filesystem::create_directory(folder);
  CHECK(output.delivered({"two"}) == 1);
  CHECK(contents(folder / "alerts.json") == "two\n");
}

TEST_CASE("file_sink: of a line that found no room on the disk nothing stays", "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  Output output(at(file));
  {
    FullDisk full(10);
    CHECK(output.delivered({"one", "a longer line", "two"}) == 1);
    CHECK(output.error() == file.string() + ": File too large");
    CHECK(contents(file) == "one\n");
    CHECK(output.delivered({"a longer line", "two"}) == 0);
    CHECK(contents(file) == "one\n");
  }
  CHECK(output.delivered({"a longer line", "two"}) == 2);
  CHECK(contents(file) == "one\na longer line\ntwo\n");
}

TEST_CASE("file_sink: a pipe that nobody reads holds nobody up and loses nothing", "[deliver]") {
  Directory directory;
  auto pipe = directory.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  Output output(at(pipe));
  auto texts = numbered(200, 1000);
  std::string expected;
  for (const std::string& text : texts) expected += text + '\n';
  CHECK(output.delivered(texts) == 0);
  CHECK(output.error() == pipe.string() + ": nobody reads it");
  int reader = open_reader(pipe);
  size_t count = output.delivered(texts);
  CHECK(count > 0);
  CHECK(count < texts.size());
  CHECK(output.error() == pipe.string() + ": its reader does not read");
  std::string taken;
  for (int i = 0; i < 100 && !texts.empty(); ++i) {
    texts.erase(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(count));
    taken += read_some(reader);
    count = texts.empty() ? 0 : output.delivered(texts);
  }
  taken += read_some(reader);
  CHECK(taken == expected);
  ::close(reader);
}

TEST_CASE("file_sink: a line half in a pipe is finished before another one", "[deliver]") {
  Directory directory;
  auto pipe = directory.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  int reader = open_reader(pipe);
  Output output(at(pipe));
  std::string large(100000, 'x');
  CHECK(output.delivered({large}) == 0);
  std::string taken = read_some(reader);
  REQUIRE(taken.size() < large.size());
  CHECK(output.delivered({"another"}) == 1);
  taken += read_some(reader);
  CHECK(taken == large + "\nanother\n");
  ::close(reader);
}

TEST_CASE("file_sink: the next reader of a pipe is given whole lines", "[deliver]") {
  Directory directory;
  auto pipe = directory.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  int reader = open_reader(pipe);
  Output output(at(pipe));
  std::string large(70000, 'x');
  CHECK(output.delivered({large}) == 0);
  ::close(reader);
  CHECK(output.delivered({large}) == 0);
  CHECK(output.error() == pipe.string() + ": Broken pipe");
  reader = open_reader(pipe);
  CHECK(output.delivered({"one"}) == 1);
  CHECK(read_some(reader) == "one\n");
  ::close(reader);
}

TEST_CASE("file_sink: one that is destroyed calls nothing any more", "[deliver]") {
  Directory directory;
  Output output(at(directory.path() / "alerts.json"));
  bool is_called = false;
  output.begin({"one"}, [&](auto) { is_called = true; });
  output.end();
  output.run();
  CHECK_FALSE(is_called);
}

TEST_CASE("file_sink: rotation by size keeps the newest and every line of them", "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  FileSettings settings = at(file);
  settings.size_max = 100;
  settings.keep = 3;
  settings.compression = FileCompression::none;
  directory.write("alerts.json.7", "of an earlier run\n");
  directory.write("alerts.json.old", "not ours\n");
  directory.write("alerts.json.7x", "not ours\n");
  {
    Output output(settings);
    for (const std::string& text : numbered(9, 40)) CHECK(output.delivered({text}) == 1);
    CHECK(output.sink().batch_size_max() == 100);
  }
  auto lines = [](std::initializer_list<int> numbers) {
    std::string text;
    for (int number : numbers) text += std::to_string(number) + ' ' + std::string(40, 'x') + '\n';
    return text;
  };
  tidy(file, 3, FileCompression::none, {});
  auto files = rotated_files(file);
  REQUIRE(files.size() == 3);
  CHECK(files[0].number == 9);
  CHECK(contents(files[0].path) == lines({1002, 1003}));
  CHECK(contents(files[1].path) == lines({1004, 1005}));
  CHECK(contents(files[2].path) == lines({1006, 1007}));
  CHECK(contents(file) == lines({1008}));
  CHECK(std::filesystem::exists(directory.path() / "alerts.json.old"));
  CHECK(std::filesystem::exists(directory.path() / "alerts.json.7x"));
}

TEST_CASE("file_sink: rotation by age, of what has lines", "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  FileSettings settings = at(file);
  settings.age_max = std::chrono::seconds(1);
  settings.compression = FileCompression::none;
  Output output(settings);
  CHECK(output.delivered({"one"}) == 1);
  CHECK(output.delivered({"two"}) == 1);
  CHECK(rotated_files(file).empty());
  std::this_thread::sleep_for(milliseconds(1050));
  CHECK(output.delivered({"three"}) == 1);
  CHECK(contents(file) == "three\n");
  auto files = rotated_files(file);
  REQUIRE(files.size() == 1);
  CHECK(contents(files[0].path) == "one\ntwo\n");
}

TEST_CASE("file_sink: what is answered is on the disk, as far as was asked for", "[deliver]") {
  using enum SpoolSettings::Sync;
  Directory directory;
  auto forced_by = [&](SpoolSettings::Sync sync, RecordKind kind) {
    FileSettings settings = at(directory.path() / "alerts.json");
    settings.sync = sync;
    Output output(settings);
    forced = 0;
    CHECK(output.delivered({"one", "two"}, kind) == 2);
    return forced.load();
  };
  CHECK(forced_by(never, RecordKind::alert) == 0);
  CHECK(forced_by(alerts, RecordKind::alert) == 1);
  CHECK(forced_by(alerts, RecordKind::digest) == 1);
  CHECK(forced_by(alerts, RecordKind::device) == 0);
  CHECK(forced_by(always, RecordKind::device) == 1);
  Output output(at("/dev/null"));
  forced = 0;
  CHECK(output.delivered({"one"}) == 1);
  CHECK(forced == 0);
}

TEST_CASE("file_sink: a file's age counts from its first line", "[deliver]") {
  Directory directory;
  auto file = directory.path() / "alerts.json";
  FileSettings settings = at(file);
  settings.age_max = std::chrono::seconds(2);
  Output output(settings);
  std::this_thread::sleep_for(milliseconds(2050));  // open, and empty
  CHECK(output.delivered({"one"}) == 1);
  CHECK(output.delivered({"two"}) == 1);
  CHECK(rotated_files(file).empty());
}

TEST_CASE("file_sink: after a full disk standard output goes on where the last whole line ended",
          "[deliver]") {
  Directory directory;
  auto file = directory.path() / "out";
  int target = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);  // as a shell's ">"
  REQUIRE(target >= 0);
  std::fflush(stdout);
  int own = ::dup(STDOUT_FILENO);
  ::dup2(target, STDOUT_FILENO);
  size_t first = 0, second = 0;
  {
    Output output(at("-"));
    {
      FullDisk full(10);
      first = output.delivered({"one", "a line that is longer"});
    }
    second = output.delivered({"a line that is longer", "last"});
  }
  ::dup2(own, STDOUT_FILENO);
  ::close(own);
  ::close(target);
  CHECK(first == 1);
  CHECK(second == 2);
  CHECK(contents(file) == "one\na line that is longer\nlast\n");
}

// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

namespace tapwarden {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kSaidMax = 4096;

/// A file in memory: a program that does not read its input holds nobody up.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name)
      : number_(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)) {}
  ~MemoryFile() { ::close(number_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int operator*() const { return number_; }
  bool fill(const std::string& text) const {
    return ::write(number_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           ::lseek(number_, 0, SEEK_SET) == 0;
  }
  bool limit(size_t size) const {
    return ::ftruncate(number_, static_cast<off_t>(size)) == 0 &&
           ::fcntl(number_, F_ADD_SEALS, F_SEAL_GROW) == 0;
  }
  /// What is there up to its first NUL, on one line and harmless.
  std::string text() const {
    std::string read(kSaidMax, '\0');
    ssize_t count = ::pread(number_, read.data(), read.size(), 0);
    read.resize(count > 0 ? ::strnlen(read.data(), static_cast<size_t>(count)) : 0);
    while (read.ends_with('\n')) read.pop_back();
    std::ranges::replace_if(
        read, [](char octet) { return octet < ' ' || octet == 127; }, ' ');
    return read.substr(0, 500);
  }

 private:
  int number_;
};

class Running : public Program, public std::enable_shared_from_this<Running> {
 public:
  Running(const asio::any_io_executor& loop, std::function<void(const ProgramEnd&)> on_end)
      : said_("said"), watched_(loop), limit_(loop), on_end_(std::move(on_end)) {}

  void start(const std::vector<std::string>& command, const std::string& input,
             std::chrono::milliseconds timeout) {
    if (int error = spawn(command, input); error != 0) {
      asio::post(limit_.get_executor(), [self = shared_from_this(), error] {
        self->tell({-1, "cannot be started: " + std::generic_category().message(error)});
      });
      return;
    }
    limit_.expires_after(timeout);
    limit_.async_wait([self = shared_from_this(), timeout](error_code error) {
      if (error || self->process_ == 0) return;
      self->kill();
      self->tell({-1, fmt::format("has not ended after {} ms", timeout.count())});
    });
    watched_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](error_code) { self->ended(); });
  }

  void kill() override {
    if (process_ != 0) ::kill(-process_, SIGKILL);
  }

 private:
  /// 0 or errno.
  int spawn(const std::vector<std::string>& command, const std::string& input) {
    MemoryFile given("given");
    if (!given.fill(input) || !said_.limit(kSaidMax)) return errno != 0 ? errno : EIO;
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, *given, 0);
    ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, *said_, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    sigset_t signals;
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    std::vector<std::string> words = command;
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    int error =
        ::posix_spawn(&process_, pointers[0], &files, &attributes, pointers.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) {
      process_ = 0;
      return error;
    }
    int watch = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
    if (watch < 0) {
      error = errno;
      kill();
      ::waitpid(std::exchange(process_, 0), nullptr, 0);
      return error;
    }
    watched_.assign(watch);
    return 0;
  }

  void ended() {
    siginfo_t how{};
    bool is_known = ::waitid(P_PID, static_cast<id_t>(process_), &how, WEXITED | WNOHANG) == 0 &&
                    how.si_pid == process_;
    process_ = 0;
    limit_.cancel();
    error_code ignored;
    watched_.close(ignored);
    if (!is_known) return tell({-1, "ended, nobody knows how"});
    if (how.si_code != CLD_EXITED)
      return tell({-1, fmt::format("killed by signal {}", how.si_status)});
    std::string said = said_.text();
    tell({how.si_status,
          fmt::format("status {}{}{}", how.si_status, said.empty() ? "" : ": ", said)});
  }

  void tell(const ProgramEnd& end) {
    if (auto on_end = std::exchange(on_end_, nullptr)) on_end(end);
  }

  MemoryFile said_;
  asio::posix::stream_descriptor watched_;
  asio::steady_timer limit_;
  std::function<void(const ProgramEnd&)> on_end_;
  pid_t process_ = 0;
};

}  // namespace

std::shared_ptr<Program> run_program(const asio::any_io_executor& loop,
                                     const std::vector<std::string>& command,
                                     const std::string& input, std::chrono::milliseconds timeout,
                                     std::function<void(const ProgramEnd&)> on_end) {
  auto running = std::make_shared<Running>(loop, std::move(on_end));
  running->start(command, input, timeout);
  return running;
}

}  // namespace tapwarden

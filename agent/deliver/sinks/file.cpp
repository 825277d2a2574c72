// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/time.hpp"
#include "deliver/open_file.hpp"
#include "deliver/segment.hpp"
#include "deliver/sinks/life.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// When it got its first line, as far as the system knows.
Timestamp begun(int descriptor) {
  struct statx what {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME | STATX_SIZE, &what) != 0)
    return wall_clock();
  if (what.stx_size == 0) return wall_clock();
  const auto& time = (what.stx_mask & STATX_BTIME) != 0 ? what.stx_btime : what.stx_mtime;
  return Timestamp(std::chrono::seconds(time.tv_sec));
}

/// Into a pipe, a socket or a terminal what is ready takes PIPE_BUF of without waiting; a file
/// takes all.
ssize_t write_some(int descriptor, std::string_view text, bool is_regular) {
  if (!is_regular) {
    pollfd ready{descriptor, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 0) {
      errno = EAGAIN;
      return -1;
    }
    text = text.substr(0, PIPE_BUF);
  }
  return ::write(descriptor, text.data(), text.size());
}

void force_directory(const std::filesystem::path& file) {
  auto path = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  OpenFile directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) ::fsync(directory.get());
}

/// A batch on its way out.
struct Work {
  std::string text;
  std::vector<size_t> ends;  // of each message's line
  std::vector<std::string> ids;
  bool is_forced = false;  // before it is answered
  size_t written = 0;
  milliseconds wait{1};
  steady_clock::time_point until;
  Sink::Done done;
};

/// The rest of a line whose beginning is in the pipe.
struct Rest {
  std::string id;
  std::string text;
};

class FileOutput : public Sink {
 public:
  FileOutput(const asio::any_io_executor& loop, FileSettings settings)
      : settings_(std::move(settings)),
        timer_(loop),
        tidier_(settings_.path, settings_.keep, settings_.compression) {
    if (!open() && errno != ENXIO)
      throw std::system_error(errno, std::generic_category(), settings_.path);
    if (is_regular_ && (settings_.size_max != 0 || settings_.age_max.count() != 0)) tidier_.wake();
  }
  ~FileOutput() override { close(); }

  void deliver(std::span<const Message> batch, Done done) override {
    work_.emplace();
    work_->done = std::move(done);
    work_->until = steady_clock::now() + settings_.timeout;
    if (rest_) work_->text = rest_->text;
    for (const Message& message : batch) {
      bool is_half_out = rest_ && work_->ids.empty() && rest_->id == message.id;
      if (!is_half_out) work_->text += message.text + '\n';
      work_->ends.push_back(work_->text.size());
      work_->ids.push_back(message.id);
      work_->is_forced = work_->is_forced || must_force(message.kind);
    }
    asio::post(timer_.get_executor(), life_.while_it_lasts([this] { start(); }));
  }

  size_t batch_max() const override { return 1024; }
  size_t batch_size_max() const override {
    constexpr uint64_t most = 1 << 20;
    return settings_.size_max == 0 ? most : std::min(most, settings_.size_max);
  }
  /// A pipe that nobody reads just now is no failure.
  std::string reopen() override {
    if (open() || errno == ENXIO) return {};
    return fmt::format("{}: {}", settings_.path, std::strerror(errno));
  }

 private:
  bool must_force(RecordKind kind) const {
    using enum SpoolSettings::Sync;
    return settings_.sync == always || (settings_.sync == alerts && !is_inventory(kind));
  }

  bool is_stdout() const { return settings_.path == "-"; }

  void close() {
    if (descriptor_ >= 0 && !is_stdout()) ::close(descriptor_);
    descriptor_ = -1;
  }

  /// False, and the old file stays, when it cannot be opened.
  bool open() {
    // Without waiting for the reader of a named pipe.
    int fresh = is_stdout() ? STDOUT_FILENO : open_for_lines(settings_.path, O_NONBLOCK | O_NOCTTY);
    if (fresh < 0) return false;
    close();
    descriptor_ = fresh;
    struct stat what {};
    is_regular_ = ::fstat(descriptor_, &what) == 0 && S_ISREG(what.st_mode);
    begun_ = begun(descriptor_);
    is_new_ = !is_stdout() && what.st_size == 0;
    if (is_regular_) rest_.reset();
    return true;
  }

  bool is_in_place() const {
    struct stat named {
    }, open{};
    return is_stdout() ||
           (::stat(settings_.path.c_str(), &named) == 0 && ::fstat(descriptor_, &open) == 0 &&
            named.st_dev == open.st_dev && named.st_ino == open.st_ino);
  }

  bool is_removed() const {
    struct stat what {};
    int error = errno;
    bool is_removed = ::fstat(descriptor_, &what) != 0 || what.st_nlink == 0;
    errno = error;
    return is_removed;
  }

  void rotate_if_due() {
    struct stat what {};
    if (is_stdout() || !is_regular_ || ::fstat(descriptor_, &what) != 0) return;
    if (what.st_size == 0) begun_ = wall_clock();
    if (what.st_size == 0) return;
    auto size = static_cast<uint64_t>(what.st_size);
    bool is_big = settings_.size_max != 0 && size + work_->text.size() > settings_.size_max;
    bool is_old = settings_.age_max.count() != 0 && begun_ + settings_.age_max <= wall_clock();
    if (!is_big && !is_old) return;
    try {
      rotate(settings_.path);
      if (open()) tidier_.wake();         // what is still written to is not compressed
    } catch (const std::system_error&) {  // a directory that is not ours: the file grows on
    }
  }

  void start() {
    bool is_open = (descriptor_ >= 0 && is_in_place()) || open();
    if (!is_open && (descriptor_ < 0 || is_removed())) return finish(errno);
    rotate_if_due();
    write();
  }

  void write() {
    while (work_->written < work_->text.size()) {
      std::string_view left = std::string_view(work_->text).substr(work_->written);
      ssize_t count = write_some(descriptor_, left, is_regular_);
      if (count > 0) {
        work_->written += static_cast<size_t>(count);
        work_->wait = milliseconds(1);
      }
      if (count > 0 || (count < 0 && errno == EINTR)) continue;
      if (count == 0 || errno != EAGAIN || steady_clock::now() >= work_->until)
        return force(count == 0 ? ENOSPC : errno);
      timer_.expires_after(work_->wait);
      work_->wait = std::min(2 * work_->wait, milliseconds(50));
      return timer_.async_wait(life_.while_it_lasts([this] { write(); }));
    }
    force(0);
  }

  /// What was written, before it is answered, on another thread, for a disk may take its time. A
  /// file that is new is so in its directory too.
  void force(int error_before) {
    if (!is_regular_ || !work_->is_forced || work_->written == 0) return finish(error_before);
    auto file = std::make_shared<OpenFile>(::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0));
    auto end = life_.while_it_lasts([this, error_before](int error) {
      if (error != 0) work_->written = 0;  // whether it is there nobody knows
      finish(error != 0 ? error : error_before);
    });
    auto loop = timer_.get_executor();
    asio::post(disk_, [=, path = std::exchange(is_new_, false) ? settings_.path : "",
                       busy = asio::make_work_guard(loop)] {
      int error = ::fsync(file->get()) == 0 || errno == EINVAL ? 0 : errno;
      if (!path.empty()) force_directory(path);
      asio::post(loop, [=]() mutable { end(error); });
    });
  }

  void finish(int error) {
    Work work = std::move(*work_);
    work_.reset();
    if (is_regular_ && work.written < work.text.size() && work.written != 0) {
      size_t line = work.text.rfind('\n', work.written - 1) + 1;  // 0 where it is the first
      if (take_back(descriptor_, work.written - line)) work.written = line;
    }
    keep_rest(work, error);
    Delivery failed{Outcome::retry,
                    fmt::format("{}: {}", settings_.path,
                                error == EAGAIN  ? "its reader does not read"
                                : error == ENXIO ? "nobody reads it"
                                                 : std::generic_category().message(error))};
    std::vector<Delivery> answers;
    for (size_t end : work.ends)
      answers.push_back(end <= work.written ? Delivery{Outcome::delivered} : failed);
    work.done(std::move(answers));
  }

  void keep_rest(const Work& work, int error) {
    bool is_between = work.written == 0 ? !rest_ : work.text[work.written - 1] == '\n';
    if (is_regular_ || is_between || error == EPIPE) {  // a new reader wants whole lines
      rest_.reset();
      if (error == EPIPE) close();
      return;
    }
    size_t line_end = work.text.find('\n', work.written) + 1;
    auto owner = std::ranges::find(work.ends, line_end);
    std::string id = rest_ ? rest_->id : "";
    if (owner != work.ends.end()) id = work.ids[static_cast<size_t>(owner - work.ends.begin())];
    rest_ = Rest{id, work.text.substr(work.written, line_end - work.written)};
  }

  FileSettings settings_;
  asio::steady_timer timer_;
  Tidier tidier_;
  int descriptor_ = -1;
  bool is_regular_ = false;
  bool is_new_ = false;  // its directory may not have it yet
  Timestamp begun_;
  std::optional<Work> work_;
  std::optional<Rest> rest_;
  asio::thread_pool disk_{1};
  Life life_;
};

}  // namespace

std::unique_ptr<Sink> file_sink(asio::any_io_executor loop, FileSettings settings) {
  return std::make_unique<FileOutput>(loop, std::move(settings));
}

}  // namespace tapwarden

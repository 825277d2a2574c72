// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/mail.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "core/time.hpp"
#include "deliver/sinks/life.hpp"
#include "deliver/sinks/mail_message.hpp"
#include "deliver/sinks/program.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr size_t kBatchMax = 1000;
constexpr int kDataError = 65;  // sysexits.h

/// What a Message-ID and a subject can bear.
std::string own_name() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  std::string result;
  for (const char* octet = name; *octet != '\0'; ++octet) {
    bool is_plain = (*octet >= 'a' && *octet <= 'z') || (*octet >= 'A' && *octet <= 'Z') ||
                    (*octet >= '0' && *octet <= '9') || *octet == '-' || *octet == '.';
    result += is_plain ? *octet : '-';
  }
  return result.empty() ? "localhost" : result;
}

void check_program(const std::string& path) {
  struct stat what {};
  int error = ::stat(path.c_str(), &what) != 0 || ::access(path.c_str(), X_OK) != 0 ? errno
              : S_ISREG(what.st_mode)                                               ? 0
                                                                                    : EACCES;
  if (error != 0) throw std::system_error(error, std::generic_category(), "program: " + path);
}

class MailSink : public Sink {
 public:
  MailSink(asio::any_io_executor loop, MailSettings settings)
      : loop_(std::move(loop)), settings_(std::move(settings)), host_(own_name()) {
    check_settings(settings_);
    check_program(settings_.program);
    command_ = {settings_.program};
    command_.insert(command_.end(), settings_.arguments.begin(), settings_.arguments.end());
    command_.insert(command_.end(), {"-f", settings_.sender, "--"});
    command_.insert(command_.end(), settings_.recipients.begin(), settings_.recipients.end());
  }
  ~MailSink() override {
    if (program_) program_->kill();
  }

  void deliver(std::span<const Message> batch, Done done) override {
    done_ = std::move(done);
    count_ = batch.size();
    mail_ = mail_message(batch, settings_, host_, wall_clock());
    asio::post(loop_, life_.while_it_lasts([this] { send(); }));
  }

  size_t batch_max() const override { return batch_max_; }
  bool divides() const override { return true; }

  milliseconds linger() const override {
    if (is_divided()) return milliseconds(0);
    milliseconds since = std::chrono::duration_cast<milliseconds>(steady_clock::now() - sent_);
    bool is_quiet = !has_sent_ || since >= settings_.interval;
    return is_quiet ? settings_.first : std::max(settings_.first, settings_.interval - since);
  }

 private:
  /// A mail was refused, and what of it nobody takes is not found yet.
  bool is_divided() const { return batch_max_ < kBatchMax; }

  void send() {
    program_ = run_program(loop_, command_, std::exchange(mail_, {}), settings_.timeout,
                           life_.while_it_lasts([this](const ProgramEnd& end) { ended(end); }));
  }

  void ended(const ProgramEnd& end) {
    program_.reset();
    Delivery answer{Outcome::delivered};
    bool is_refused = end.status == kDataError;
    if (end.status == 0) {
      if (!is_divided()) sent_ = steady_clock::now();
      has_sent_ = has_sent_ || !is_divided();
      batch_max_ = std::min(batch_max_ * 2, kBatchMax);
    } else {
      answer = {is_refused && count_ == 1 ? Outcome::poisoned : Outcome::retry,
                fmt::format("{}: {}", settings_.program, end.text)};
    }
    if (is_refused) batch_max_ = count_ == 1 ? kBatchMax : std::min(batch_max_, count_) / 2;
    std::exchange(done_, nullptr)(std::vector<Delivery>(count_, answer));
  }

  asio::any_io_executor loop_;
  MailSettings settings_;
  std::string host_;
  std::vector<std::string> command_;
  std::string mail_;
  size_t count_ = 0;
  size_t batch_max_ = kBatchMax;
  steady_clock::time_point sent_;
  bool has_sent_ = false;
  std::shared_ptr<Program> program_;
  Done done_;
  Life life_;
};

}  // namespace

std::unique_ptr<Sink> mail_sink(asio::any_io_executor loop, MailSettings settings) {
  return std::make_unique<MailSink>(std::move(loop), std::move(settings));
}

}  // namespace tapwarden

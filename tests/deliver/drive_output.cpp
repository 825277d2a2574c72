// SPDX-License-Identifier: Apache-2.0
// Drives one sink from outside, for tests/outputs: records as JSON lines on standard input, the
// sink's settings as arguments, each outcome as a JSON line on standard output. In front of the
// sink stands the least that an outbox does: a queue, batches, and a pause before it tries again.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <deque>
#include <iostream>
#include <map>
#include <stdexcept>

#include "deliver/sinks/file.hpp"
#include "deliver/sinks/journal.hpp"
#include "deliver/sinks/mail.hpp"
#include "deliver/sinks/syslog.hpp"

using namespace tapwarden;
namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

/// NAME=VALUE words; every one must be asked for.
class Words {
 public:
  Words(int count, char** words) {
    for (int i = 0; i < count; ++i) {
      std::string word = words[i];
      size_t sign = word.find('=');
      if (sign == std::string::npos) throw std::invalid_argument(word + ": not NAME=VALUE");
      all_[word.substr(0, sign)] = word.substr(sign + 1);
    }
  }
  std::string text(const std::string& name, std::string missing = "") {
    auto found = all_.find(name);
    if (found == all_.end()) return missing;
    missing = std::move(found->second);
    all_.erase(found);
    return missing;
  }
  long number(const std::string& name, long missing) {
    return std::stol(text(name, std::to_string(missing)));
  }
  milliseconds time(const std::string& name, milliseconds missing) {
    return milliseconds(number(name, missing.count()));
  }
  void all_asked() const {
    if (!all_.empty()) throw std::invalid_argument(all_.begin()->first + ": no such setting");
  }

 private:
  std::map<std::string, std::string> all_;
};

SyslogSettings syslog_settings(Words& words) {
  SyslogSettings settings;
  std::string transport = words.text("transport", "tls");
  settings.transport = transport == "udp"   ? SyslogTransport::udp
                       : transport == "tcp" ? SyslogTransport::tcp
                                            : SyslogTransport::tls;
  settings.host = words.text("host", "127.0.0.1");
  settings.port = static_cast<uint16_t>(words.number("port", 0));
  settings.tls.authorities = words.text("authorities");
  settings.tls.certificate = words.text("certificate");
  settings.tls.key = words.text("key");
  settings.tls.name = words.text("name");
  settings.hostname = words.text("hostname");
  settings.facility = static_cast<uint8_t>(words.number("facility", settings.facility));
  settings.has_bom = words.number("bom", 0) != 0;
  settings.size_max = static_cast<size_t>(words.number("size_max", 65000));
  settings.timeout = words.time("timeout", settings.timeout);
  if (words.text("framing") == "newline") settings.framing = SyslogFraming::newline;
  if (words.text("confirm") == "acknowledged") settings.confirm = SyslogConfirm::acknowledged;
  return settings;
}

JournalSettings journal_settings(Words& words) {
  JournalSettings settings;
  settings.socket = words.text("socket", settings.socket);
  settings.timeout = words.time("timeout", settings.timeout);
  return settings;
}

FileSettings file_settings(Words& words) {
  FileSettings settings;
  settings.path = words.text("path", "-");
  settings.size_max = static_cast<uint64_t>(words.number("size_max", 0));
  settings.keep = static_cast<unsigned>(words.number("keep", settings.keep));
  std::string compression = words.text("compression", "none");
  settings.compression = compression == "zstd"   ? FileCompression::zstd
                         : compression == "gzip" ? FileCompression::gzip
                                                 : FileCompression::none;
  settings.timeout = words.time("timeout", settings.timeout);
  return settings;
}

MailSettings mail_settings(Words& words) {
  MailSettings settings;
  settings.program = words.text("program");
  settings.sender = words.text("sender", "tapwarden@sensor.example");
  settings.recipients = {words.text("recipient", "soc@soc.example")};
  settings.timeout = words.time("timeout", settings.timeout);
  settings.first = words.time("first", settings.first);
  settings.interval = words.time("interval", settings.interval);
  return settings;
}

std::unique_ptr<Sink> sink_of(const std::string& type, asio::any_io_executor loop, Words& words) {
  if (type == "syslog") return syslog_sink(loop, syslog_settings(words));
  if (type == "journal") return journal_sink(loop, journal_settings(words));
  if (type == "file") return file_sink(loop, file_settings(words));
  if (type == "mail") return mail_sink(loop, mail_settings(words));
  throw std::invalid_argument(type + ": no such sink");
}

template <typename Enum>
Enum named(const json::object& object, const char* key, size_t count, Enum missing) {
  const json::value* found = object.if_contains(key);
  for (size_t i = 0; found != nullptr && i < count; ++i)
    if (to_string(static_cast<Enum>(i)) == std::string_view(found->as_string()))
      return static_cast<Enum>(i);
  return missing;
}

Message message(const json::object& object) {
  auto text = [&](const char* key) {
    const json::value* found = object.if_contains(key);
    return found == nullptr ? std::string() : std::string(found->as_string());
  };
  Message message;
  message.kind = named(object, "kind", record_kinds_count, RecordKind::alert);
  message.severity = named(object, "severity", severity_names.size(), Severity::low);
  message.time = Timestamp(std::chrono::seconds(1800000000) + std::chrono::microseconds(123456));
  message.id = text("id");
  message.key = text("key");
  message.text = text("text");
  return message;
}

class Drive {
 public:
  Drive(asio::io_context& loop, const std::string& type, Words& words)
      : loop_(loop),
        input_(loop, ::dup(0)),
        timer_(loop),
        end_(loop),
        retry_(words.time("retry", milliseconds(200))),
        attempts_(words.number("attempts", 0)),
        batch_(static_cast<size_t>(words.number("batch", 1 << 20))),
        lingers_(words.number("linger", 0) != 0) {
    end_.expires_after(words.time("deadline", milliseconds(30000)));
    end_.async_wait([this](auto error) {
      if (!error) loop_.stop();
    });
    sink_ = sink_of(type, loop.get_executor(), words);
    words.all_asked();
    read();
  }

  size_t undelivered() const { return queue_.size() + under_way_.size(); }

 private:
  void read() {
    asio::async_read_until(input_, buffer_, '\n', [this](auto error, size_t) {
      if (error) {
        is_ended_ = true;
        return next();
      }
      std::istream stream(&buffer_);
      std::string line;
      std::getline(stream, line);
      json::object object = json::parse(line).as_object();
      if (object.contains("do")) {
        sink_->reopen();
      } else {
        queue_.push_back(message(object));
      }
      next();
      read();
    });
  }

  void next() {
    if (is_busy_) return;
    if (queue_.empty()) {
      if (is_ended_) loop_.stop();
      return;
    }
    is_busy_ = true;
    bool is_full = queue_.size() >= sink_->batch_max();
    milliseconds wait(is_ended_ || is_full ? 0 : 1);
    if (lingers_ && !is_full) wait = sink_->linger();
    timer_.expires_after(wait);
    timer_.async_wait([this](auto) { deliver(); });
  }

  void deliver() {
    size_t octets = 0;
    size_t count_max = std::min(batch_, sink_->batch_max());
    while (!queue_.empty() && under_way_.size() < count_max) {
      octets += queue_.front().text.size();
      if (octets > sink_->batch_size_max() && !under_way_.empty()) break;
      under_way_.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    sink_->deliver(under_way_, [this](std::vector<Delivery> answers) { take(answers); });
  }

  void take(const std::vector<Delivery>& answers) {
    if (answers.size() != under_way_.size()) throw std::logic_error("answers of another number");
    ++attempt_;
    std::deque<Message> again;
    for (size_t i = 0; i < answers.size(); ++i) {
      static constexpr const char* words[] = {"delivered", "retry", "poisoned"};
      json::object line{{"id", under_way_[i].id},
                        {"outcome", words[static_cast<size_t>(answers[i].outcome)]},
                        {"error", answers[i].error}};
      std::cout << json::serialize(line) << std::endl;
      if (answers[i].outcome == Outcome::retry) again.push_back(std::move(under_way_[i]));
    }
    bool retries = !again.empty();
    under_way_.clear();
    queue_.insert(queue_.begin(), std::make_move_iterator(again.begin()),
                  std::make_move_iterator(again.end()));
    if (attempts_ != 0 && attempt_ >= attempts_) return loop_.stop();
    timer_.expires_after(retries ? retry_ : milliseconds(0));
    timer_.async_wait([this](auto) {
      is_busy_ = false;
      next();
    });
  }

  asio::io_context& loop_;
  asio::posix::stream_descriptor input_;
  asio::streambuf buffer_;
  asio::steady_timer timer_;
  asio::steady_timer end_;
  milliseconds retry_;
  long attempts_;
  size_t batch_;
  bool lingers_;
  long attempt_ = 0;
  bool is_ended_ = false;
  bool is_busy_ = false;
  std::deque<Message> queue_;
  std::vector<Message> under_way_;
  std::unique_ptr<Sink> sink_;
};

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (count < 2) throw std::invalid_argument("usage: drive_output SINK [NAME=VALUE...] <RECORDS");
    asio::io_context loop;
    Words settings(count - 2, words + 2);
    Drive drive(loop, words[1], settings);
    loop.run();
    std::cout << json::serialize(json::object{{"undelivered", drive.undelivered()}}) << std::endl;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 2;
  }
}

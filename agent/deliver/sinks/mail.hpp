// SPDX-License-Identifier: Apache-2.0
// Mail: many messages in one, handed to a sendmail-compatible program of this machine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "deliver/sink.hpp"

namespace tapwarden {

struct MailSettings {
  std::string program = "/usr/sbin/sendmail";
  std::vector<std::string> arguments{"-i"};  ///< before the sender's and the recipients'
  std::string sender;
  std::vector<std::string> recipients;  ///< 1 to 100
  std::string subject = "[tapwarden]";  ///< what the subject begins with, 200 octets at most
  std::chrono::milliseconds first =
      std::chrono::seconds(30);  ///< how long the first message after a quiet time waits for more
  std::chrono::milliseconds interval = std::chrono::minutes(15);  ///< from one mail to the next, 1
                                                                  ///< minute to 1 day
  std::chrono::milliseconds timeout = std::chrono::minutes(1);  ///< for the program to end, 1 s to
                                                                ///< 10 minutes; then it is killed

  bool operator==(const MailSettings&) const = default;
};

/// Throws std::invalid_argument where an address or the subject could break out of its header, or
/// there is none.
void check_settings(const MailSettings& settings);

/// Delivered means that the program took the mail (status 0). EX_DATAERR (65) is a refusal of the
/// mail itself: it is then told in smaller parts, until the one message that nobody takes is left.
/// Every other status is tried again, those of a wrong address or argument too: an operator can
/// mend them, and nothing is lost until then. Throws as check_settings() does, and
/// std::system_error where the program is not there or may not be run.
std::unique_ptr<Sink> mail_sink(boost::asio::any_io_executor loop, MailSettings settings);

}  // namespace tapwarden

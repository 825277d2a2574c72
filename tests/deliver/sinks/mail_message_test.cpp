// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/mail_message.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <system_error>

#include "deliver/sinks/mail.hpp"
#include "support/catch.hpp"
#include "support/files.hpp"

using namespace tapwarden;
using test::Directory;

namespace {

const Timestamp kTime(std::chrono::seconds(1800000000));

Message message(std::string id, std::string text, Severity severity = Severity::high) {
  Message message;
  message.time = kTime;
  message.severity = severity;
  message.id = std::move(id);
  message.text = std::move(text);
  return message;
}

MailSettings settings() {
  MailSettings settings;
  settings.sender = "tapwarden@sensor.example";
  settings.recipients = {"soc@soc.example", "night@soc.example"};
  return settings;
}

std::string written(std::vector<Message> batch, const MailSettings& with = settings()) {
  return mail_message(batch, with, "sensor-1", kTime);
}

std::string body(const std::string& mail) { return mail.substr(mail.find("\n\n") + 2); }

std::string header(const std::string& mail, const std::string& name) {
  size_t begin = mail.find(name + ": ") + name.size() + 2;
  return mail.substr(begin, mail.find('\n', begin) - begin);
}

std::string refused(MailSettings settings) {
  try {
    check_settings(settings);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("mail_message: a mail of one alert", "[deliver]") {
  std::string mail = written({message("event-1", "{\"a\":1}")});
  CHECK(header(mail, "Message-ID").ends_with("@sensor-1>"));
  CHECK(mail ==
        "From: tapwarden@sensor.example\nTo: soc@soc.example,\n night@soc.example\n"
        "Subject: [tapwarden] 1 alert (1 high) on sensor-1\n"
        "Date: Fri, 15 Jan 2027 08:00:00 +0000\nMessage-ID: " +
            header(mail, "Message-ID") +
            "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: quoted-printable\nAuto-Submitted: auto-generated\n"
            "\n1 alert (1 high) on sensor-1\n"
            "\n2027-01-15T08:00:00.000000Z high alert event-1\n{\"a\":1}\n");
}

TEST_CASE("mail_message: its Message-ID is that of its events", "[deliver]") {
  std::string one = header(written({message("1", "a"), message("2", "b")}), "Message-ID");
  CHECK(header(written({message("1", "c"), message("2", "d")}), "Message-ID") == one);
  CHECK(header(written({message("2", "b"), message("1", "a")}), "Message-ID") != one);
  CHECK(header(written({message("1", "a")}), "Message-ID") != one);
  CHECK(header(written({message("12", "")}), "Message-ID") !=
        header(written({message("1", ""), message("2", "")}), "Message-ID"));
}

TEST_CASE("mail_sink: a program that is not there or may not be run is told at the start",
          "[deliver]") {
  Directory directory;
  boost::asio::io_context loop;
  auto reason = [&](const std::filesystem::path& program) -> std::string {
    MailSettings with = settings();
    with.program = program;
    try {
      mail_sink(loop.get_executor(), with);
    } catch (const std::system_error& error) {
      return error.what();
    }
    return "";
  };
  std::filesystem::path file = directory.write("sendmail", "#!/bin/sh\n");
  CHECK(reason(file) == fmt::format("program: {}: Permission denied", file.string()));
  CHECK(reason(directory.path()) ==
        fmt::format("program: {}: Permission denied", directory.path().string()));
  std::filesystem::permissions(file, std::filesystem::perms(0755));
  CHECK(reason(file) == "");
  std::filesystem::path none = directory.path() / "none";
  CHECK(reason(none) == fmt::format("program: {}: No such file or directory", none.string()));
}

TEST_CASE("counts_of: kinds, and severities of alerts", "[deliver]") {
  std::vector<Message> batch{message("1", "", Severity::low),
                             message("2", "", Severity::critical),
                             message("3", "", Severity::low),
                             message("4", ""),
                             message("5", ""),
                             message("6", "")};
  batch[3].kind = RecordKind::health;
  batch[4].kind = RecordKind::digest;
  batch[5].kind = RecordKind::digest;
  CHECK(counts_of(batch) == "3 alerts (1 critical, 2 low), 2 digests, 1 health");
}

TEST_CASE("mail_message: no line is longer than 76, whatever the text", "[deliver]") {
  std::string text(70000, 'x');
  for (size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>(i);
  MailSettings with = settings();
  with.subject = std::string(300, 's') + " \xC3\xB6 " + std::string(200, 't');
  std::string mail = written({message("1", text)}, with);
  size_t longest = 0;
  bool is_ascii = true;
  for (size_t begin = 0; begin < mail.size();) {
    size_t end = mail.find('\n', begin);
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  for (char octet : mail) is_ascii &= octet == '\n' || (octet >= ' ' && octet < 127);
  CHECK(longest == 76);
  CHECK(is_ascii);
}

TEST_CASE("mail_message: quoted-printable", "[deliver]") {
  auto coded = [](std::string text) {
    std::string all = body(written({message("1", std::move(text))}));
    size_t begin = all.find(" alert 1\n") + 9;
    return all.substr(begin, all.size() - begin - 1);
  };
  CHECK(coded("a=b") == "a=3Db");
  CHECK(coded("gr\xC3\xB6\xC3\x9F"
              "e") == "gr=C3=B6=C3=9Fe");
  CHECK(coded("blank at the end ") == "blank at the end=20");
  CHECK(coded(".") == "=2E");
  CHECK(coded("a\nFrom: x\r\n.\x1b[31m") == "a?From: x??.?[31m");
  CHECK(coded(std::string(75, 'a')) == std::string(75, 'a'));
  CHECK(coded(std::string(76, 'a')) == std::string(75, 'a') + "=\na");
  CHECK(coded(std::string(75, 'a') + ".") == std::string(75, 'a') + "=\n=2E");
  CHECK(coded(std::string(73, 'a') + "=") == std::string(73, 'a') + "=\n=3D");
}

TEST_CASE("mail_message: a subject that is no ASCII is encoded in words", "[deliver]") {
  MailSettings with = settings();
  with.subject =
      "\xC3\x9C"
      "berwachung";
  CHECK(written({message("1", "")}, with)
            .find("\nSubject: =?UTF-8?B?w5xiZXJ3YWNodW5nIDEgYWxlcnQgKDEgaGlnaCkgb24gc2Vuc29y?=\n "
                  "=?UTF-8?B?LTE=?=\nDate: ") != std::string::npos);
}

TEST_CASE("check_settings: nothing breaks out of its header or command line", "[deliver]") {
  CHECK(refused(settings()) == "");
  for (std::string bad :
       {"", "-oQ/tmp", "a@b\nBcc: c@d", "a@b, c@d", "a b@c", "<a@b>", "a@b\r", "\xC3\xB6@b"}) {
    MailSettings with = settings();
    with.sender = bad;
    CHECK(refused(with) == "from: \"" + bad + "\" is no address");
    with = settings();
    with.recipients.push_back(bad);
    CHECK(refused(with) == "to: \"" + bad + "\" is no address");
  }
  MailSettings with = settings();
  with.recipients.clear();
  CHECK(refused(with) == "to: no recipients");
  for (const std::string& bad :
       {std::string("a\nBcc: c@d"), std::string("a\r"), std::string("\x1b[31m"),
        std::string("\xFF"), std::string(201, 'a')}) {
    with = settings();
    with.subject = bad;
    CHECK(refused(with) == "subject: not one line of UTF-8, 200 octets at most");
  }
}

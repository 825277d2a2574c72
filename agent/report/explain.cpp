// SPDX-License-Identifier: Apache-2.0
#include "report/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>
#include <vector>

#include "core/address.hpp"
#include "report/reading.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr size_t kLabel = 14;  // columns

class Explanation {
 public:
  Explanation(const json::object& device, bool colour) : device_(device), colour_(colour) {}

  std::string operator()() {
    heading();
    place();
    verdict();
    line("formerly", text_of(device_, "formerly"));
    contradictions();
    findings();
    claims();
    return std::move(out_);
  }

 private:
  void line(std::string_view label, std::string_view text) {
    if (!text.empty()) out_ += fmt::format("  {:<{}}{}\n", label, kLabel, text);
  }
  std::string paint(std::string_view code, std::string_view text) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

  void heading() {
    std::string text;
    for (const char* key : {"macs", "ips", "names"}) {
      std::string part = fmt::format("{}", fmt::join(texts_of(device_, key), " "));
      if (!part.empty()) text += (text.empty() ? "" : "  ") + part;
    }
    out_ += paint("1", text.empty() ? "a device" : text) + '\n';
  }

  void place() {
    line("id", text_of(device_, "id"));
    std::string where;
    if (const json::object* context = object_of(device_, "context")) {
      where = text_of(*context, "tap");
      std::vector<std::string> vlans = texts_of(*context, "vlans");
      if (!vlans.empty()) where += fmt::format(", vlan {}", fmt::join(vlans, " in "));
      if (const json::object* tunnel = object_of(*context, "tunnel"))
        where += fmt::format(", {} {}", text_of(*tunnel, "kind"), number_of(*tunnel, "id"));
    }
    if (const json::object* location = object_of(device_, "location")) {
      std::string port = text_of(*location, "port");
      if (!port.empty()) where += fmt::format(", {} {}", text_of(*location, "switch"), port);
    }
    line("where", where);
    line("seen", fmt::format("{} to {}, {} packets", text_of(device_, "first_seen"),
                             text_of(device_, "last_seen"), number_of(device_, "packets")));
    std::string role = text_of(device_, "role");
    for (const json::object* claim : objects_of(device_, "claims")) {
      if (text_of(*claim, "aspect") != "role") continue;
      role += fmt::format(": {}, frame {} ({})", text_of(*claim, "text"),
                          number_of(*claim, "frame"), text_of(*claim, "rule"));
    }
    line("role", role);
    line("MAC prefix", text_of(device_, "registrant"));
  }

  void verdict() {
    const json::object* verdict = object_of(device_, "verdict");
    if (verdict == nullptr)
      return line("verdict", "none: nothing names a maker that the rules know");
    line("verdict", fmt::format("{}, {} ({:.3g})", paint("1", text_of(*verdict, "supplier")),
                                text_of(*verdict, "grade"), number_of(*verdict, "certainty")));
    std::string factors;
    std::string names;
    for (const json::object* witness : objects_of(*verdict, "witnesses")) {
      double certainty = number_of(*witness, "certainty");
      factors += fmt::format("(1 - {:.3g})", certainty);
      names += fmt::format("{}{} {:.3g}", names.empty() ? "" : ", ", text_of(*witness, "witness"),
                           certainty);
    }
    if (!names.empty()) line("because", fmt::format("{}: 1 - {}", names, factors));
    std::string brand = text_of(device_, "sold_as");
    if (!brand.empty())
      line("brand", fmt::format("sold as {}, built by {}", brand, text_of(*verdict, "supplier")));
  }

  void contradictions() {
    bool is_first = true;
    for (const json::object* one : objects_of(device_, "contradictions")) {
      line(
          std::exchange(is_first, false) ? "against it" : "",
          fmt::format("{:.3g} for {}: a forged address, a shared part or another name for the same",
                      number_of(*one, "certainty"), text_of(*one, "maker")));
    }
  }

  void findings() {
    bool is_first = true;
    for (const json::object* one : objects_of(device_, "findings")) {
      if (one->contains("finding")) continue;
      line(std::exchange(is_first, false) ? "flagged by" : "",
           fmt::format("{} ({}) for {} as {}: {}", text_of(*one, "policy"),
                       text_of(*one, "severity"), text_of(*one, "entry"), text_of(*one, "aspect"),
                       text_of(*one, "source")));
    }
    if (is_first) line("flagged by", "no policy");
    for (const json::object* one : objects_of(device_, "findings")) {
      if (text_of(*one, "finding") != "several_systems") continue;
      std::string frames;
      for (const json::object* said : objects_of(*one, "evidence"))
        frames += fmt::format("{}{}", frames.empty() ? "" : " ", number_of(*said, "frame"));
      line("several", fmt::format("systems speak from here: {} (frames {}), as behind NAT, in "
                                  "virtual machines or through a proxy",
                                  text_of(*one, "text"), frames));
    }
  }

  void claims() {
    for (const json::object* claim : objects_of(device_, "claims")) {
      std::string aspect = text_of(*claim, "aspect");
      if (aspect == "role") continue;
      std::string supplier = text_of(*claim, "supplier");
      out_ += fmt::format("  {:.2f} {:<9} {}{}\n", number_of(*claim, "certainty"), aspect,
                          text_of(*claim, "value"), supplier.empty() ? "" : " [" + supplier + "]");
      out_ += fmt::format("       {}.{} \"{}\"\n", text_of(*claim, "protocol"),
                          text_of(*claim, "field"), text_of(*claim, "text"));
      out_ += paint("2", fmt::format("       {} frame {}, {}, rule {}", text_of(*claim, "capture"),
                                     number_of(*claim, "frame"), text_of(*claim, "time"),
                                     text_of(*claim, "rule"))) +
              '\n';
    }
  }

  const json::object& device_;
  bool colour_;
  std::string out_;
};

}  // namespace

bool is_named(const json::object& device, std::string_view name) {
  if (text_of(device, "id") == name) return true;
  auto mac = parse_mac(name);
  auto ip = IpAddress::parse(name);
  std::string wanted = mac ? to_string(*mac) : ip ? to_string(*ip) : std::string();
  if (wanted.empty()) return false;
  std::vector<std::string> addresses = texts_of(device, mac ? "macs" : "ips");
  return std::ranges::find(addresses, wanted) != addresses.end();
}

std::string explain(const json::object& device, bool colour) {
  return Explanation(device, colour)();
}

}  // namespace tapwarden

// SPDX-License-Identifier: Apache-2.0
#include "identify/recog_fields.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

using enum RecogForm;

constexpr RecogField fields[] = {
    {"ssh.banner", "ssh_banners", Protocol::ssh, Field::banner, after_version},
    {"http_header.server", "http_servers", Protocol::http, Field::server},
    {"http_header.wwwauth", "http_wwwauth", Protocol::http, Field::realm, challenge},
    {"http_header.x-powered-by", "http_xpoweredby", Protocol::http, Field::powered_by},
    {"html_title", "html_title", Protocol::http, Field::title},
    {"snmp.sys_description", "snmp_sysdescr", Protocol::snmp, Field::system_description},
    // IEEE 802.1AB and RFC 7854 take the same text over from SNMP's sysDescr.
    {"snmp.sys_description", "snmp_sysdescr", Protocol::lldp, Field::system_description},
    {"snmp.sys_description", "snmp_sysdescr", Protocol::bmp, Field::system_description},
    {"snmp.sys_object_id", "snmp_sysobjid", Protocol::snmp, Field::system_object_id},
    {"telnet.banner", "telnet_banners", Protocol::telnet, Field::banner, same, true},
    {"ftp.banner", "ftp_banners", Protocol::ftp, Field::banner, after_code, true},
    {"smtp.banner", "smtp_banners", Protocol::smtp, Field::banner, after_code},
    {"imap4.banner", "imap_banners", Protocol::imap, Field::banner, after_status},
    {"pop3.banner", "pop_banners", Protocol::pop3, Field::banner, after_status},
    {"sip_header.user_agent", "sip_user_agents", Protocol::sip, Field::user_agent},
    {"sip_header.server", "sip_banners", Protocol::sip, Field::server},
    {"rtsp_header.server", "rtsp_servers", Protocol::rtsp, Field::server},
    {"x509.subject", "x509_subjects", Protocol::tls, Field::certificate_subject, name_parts},
    {"x509.issuer", "x509_issuers", Protocol::tls, Field::certificate_issuer, name_parts},
    {"ssdp_header.server", "upnp_banners", Protocol::ssdp, Field::server},
    {"mdns.device-info.txt", "mdns_device-info_txt", Protocol::mdns, Field::service_text},
    {"dhcp_vendor_class", "dhcp_vendor_class", Protocol::dhcp, Field::vendor_class},
    {"mysql.banner", "mysql_banners", Protocol::mysql, Field::banner},
};

std::string_view without_version(std::string_view text) {
  if (!text.starts_with("SSH-")) return text;
  size_t dash = text.find('-', 4);
  return dash == std::string_view::npos ? text : text.substr(dash + 1);
}

std::string_view without_code(std::string_view text) {
  bool has_code = text.size() >= 3 && std::ranges::all_of(text.substr(0, 3), [](char c) {
                    return c >= '0' && c <= '9';
                  });
  if (!has_code || (text.size() > 3 && text[3] != ' ' && text[3] != '-')) return text;
  return text.substr(std::min<size_t>(text.size(), 4));
}

std::string_view without_status(std::string_view text) {
  for (std::string_view status : {"* OK ", "* PREAUTH ", "+OK "})
    if (text.starts_with(status)) return text.substr(status.size());
  return text;
}

std::string without_blanks(std::string_view name) {
  std::string text;
  for (size_t i = 0; i < name.size(); ++i) {
    bool is_joint = name[i] == ' ' && i > 0 && name[i - 1] == ',' && (i < 2 || name[i - 2] != '\\');
    if (!is_joint) text += name[i];
  }
  return text;
}

}  // namespace

std::vector<RecogField> recog_fields(std::string_view matches) {
  std::vector<RecogField> found;
  std::ranges::copy_if(fields, std::back_inserter(found), [matches](const RecogField& row) {
    return row.matches == matches || row.file == matches;
  });
  return found;
}

std::string in_recog_form(RecogForm form, std::string_view text) {
  switch (form) {
    case same:
      break;
    case after_version:
      return std::string(without_version(text));
    case after_code:
      return std::string(without_code(text));
    case after_status:
      return std::string(without_status(text));
    case challenge:
      // Which scheme it was is not observed; Recog's patterns take the one for the other.
      return "Basic realm=\"" + std::string(text) + '"';
    case name_parts:
      return without_blanks(text);
  }
  return std::string(text);
}

}  // namespace tapwarden

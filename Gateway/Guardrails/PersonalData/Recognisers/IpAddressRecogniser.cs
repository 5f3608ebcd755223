using System.Net;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>IP addresses, version 4 with all four parts and version 6. Addresses that name no machine, such as loopback and masks, and numbers of versions are left out.</summary>
internal static class IpAddressRecogniser
{
    private const int LongestV6 = 45;

    private static readonly ContextWords Context = new("ip", "ipv4", "ipv6", "address", "addr", "host", "client", "remote", "server", "from", "login", "gateway", "adresse", "dirección", "indirizzo", "adres", "endereço");

    private static readonly ContextWords Versions = new("version", "versión", "versione", "versie", "wersja", "versão", "ver.", "ver", "release", "build", "firmware", "upgrade", "sdk", "driver", "assembly", "section", "chapter", "§", "kapitel", "abschnitt", "nuget", "package");

    /// <summary>Reports the version 4 address that begins at a digit.</summary>
    public static void FindV4(in PersonalDataScan scan, int start)
    {
        if (!scan.StartsClean(start) && !(scan.At(start - 1) == '/' && scan.At(start - 2) == '/') && scan.At(start - 1) != '=') return;
        // The last part of a version 6 address.
        if (scan.At(start - 1) == ':' && scan.At(start - 2) == ':') return;
        var at = start;
        Span<int> parts = stackalloc int[4];
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && scan.At(at++) != '.') return;
            var first = at;
            var value = 0;
            while (at - first < 3 && char.IsAsciiDigit(scan.At(at))) value = value * 10 + scan.At(at++) - '0';
            if (at == first || value > 255 || (at - first > 1 && scan.At(first) == '0')) return;
            parts[part] = value;
        }
        var after = scan.At(at);
        if (char.IsLetterOrDigit(after) || after == '_' || (after is '.' or '-' && char.IsLetterOrDigit(scan.At(at + 1)))) return;
        if (parts[0] is 0 or 127 || parts is [255, 255, _, _] || parts is [1, 1, 1, 1] or [8, 8, 8, 8] or [8, 8, 4, 4]) return;
        if (Versions.IsIn(scan.Text, start - 24, start)) return;
        var nearness = scan.Nearness(Context, start, at);
        // All parts of one digit: as likely a version or a section.
        var alone = parts is [< 10, < 10, < 10, < 10] || parts is [< 20, < 10, _, 0] ? 0.4 : 0.75;
        scan.Report(PersonalDataKinds.IpAddress, start, at, alone + (0.95 - alone) * nearness);
    }

    /// <summary>Reports the version 6 address that begins at a hexadecimal digit or at two colons.</summary>
    public static void FindV6(in PersonalDataScan scan, int start)
    {
        var before = scan.At(start - 1);
        if (char.IsLetterOrDigit(before) || before is '_' or ':' or '.' or '-') return;
        var end = start;
        var (colons, digits, groups) = (0, false, 0);
        while (end - start <= LongestV6 && scan.At(end) is var c && (char.IsAsciiHexDigit(c) || c is ':' or '.'))
        {
            if (c == ':') colons++;
            else if (end == start || scan.At(end - 1) == ':') groups++;
            digits |= char.IsAsciiDigit(c);
            end++;
        }
        if (colons < 2 || end - start > LongestV6) return;
        while (end > start && scan.At(end - 1) == '.' || (scan.At(end - 1) == ':' && scan.At(end - 2) != ':')) end--;
        if (char.IsLetterOrDigit(scan.At(end)) || scan.At(end) == '_') return;
        var candidate = scan.Text[start..end];
        // "::", "::1" and scopes of source code such as "a::b".
        if (groups < 3 && !(digits && groups == 2 && candidate.Length > 6)) return;
        if (!digits || !IPAddress.IsValid(candidate)) return;
        scan.Report(PersonalDataKinds.IpAddress, start, end, 0.85 + 0.15 * scan.Nearness(Context, start, end));
    }
}

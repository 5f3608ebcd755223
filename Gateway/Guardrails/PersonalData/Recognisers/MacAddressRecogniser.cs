namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Hardware addresses (IEEE 802, 48 bits): six pairs with colons or dashes, or three groups of four with dots.</summary>
internal static class MacAddressRecogniser
{
    private static readonly ContextWords Context = new("mac", "ethernet", "wifi", "wlan", "bluetooth", "hwaddr", "hardware", "interface", "device", "lladdr", "bssid", "ether");

    /// <summary>Reports the address that begins at a hexadecimal digit.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        var separator = scan.At(start + 2);
        var group = 2;
        if (separator is not (':' or '-'))
        {
            if (scan.At(start + 4) != '.') return;
            (separator, group) = ('.', 4);
        }
        var before = scan.At(start - 1);
        if (char.IsLetterOrDigit(before) || before is '_' or '-' or '.' || (before == ':' && char.IsAsciiHexDigit(scan.At(start - 2)) && char.IsAsciiHexDigit(scan.At(start - 3)))) return;
        var (at, zeros, effs, decimals) = (start, 0, 0, 0);
        for (var i = 0; i < 12; i++)
        {
            if (i > 0 && i % group == 0 && scan.At(at++) != separator) return;
            var c = scan.At(at++);
            if (!char.IsAsciiHexDigit(c)) return;
            if (c == '0') zeros++;
            if (c is 'f' or 'F') effs++;
            if (char.IsAsciiDigit(c)) decimals++;
        }
        var after = scan.At(at);
        // A further pair makes it a fingerprint.
        if (char.IsLetterOrDigit(after) || after == '_' || (after == separator && char.IsAsciiHexDigit(scan.At(at + 1)))) return;
        if (zeros == 12 || effs == 12) return;
        var nearness = scan.Nearness(Context, start, at);
        // Twelve decimal digits with dashes or dots may be a time or an article.
        var alone = decimals == 12 && separator != ':' ? 0.4 : 0.85;
        scan.Report(PersonalDataKinds.MacAddress, start, at, alone + (1 - alone) * nearness);
    }
}

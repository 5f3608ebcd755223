namespace AspireGateway.GuardrailReport;

/// <summary>Makes identity numbers that are valid, by trying check characters against the plain rule; written apart from the recognisers.</summary>
internal static class NationalNumbers
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>A number of a type, in one of its usual ways of writing; null for other types.</summary>
    public static string? Make(string type, string locale, Random random) => type switch
    {
        "CREDIT_CARD" => Card(random),
        "IBAN" => Iban(locale, random),
        "US_SSN" => $"{random.Next(100, 665)}-{random.Next(10, 99)}-{random.Next(1000, 9999)}",
        "UK_NHS" => Grouped(Until(random, 10, d => (d.Take(9).Select((x, i) => x * (10 - i)).Sum() + d[9]) % 11 == 0), random, [3, 3, 4]),
        "UK_NINO" => Nino(random),
        "DE_TAX_ID" => TaxId(random),
        "FR_NIR" => Nir(random),
        "ES_DNI" => Number(random, 8) is var n ? n + "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(n) % 23] : "",
        "ES_NIE" => Nie(random),
        "IT_CODICE_FISCALE" => CodiceFiscale(random),
        "PL_PESEL" => Pesel(random),
        "NL_BSN" => Digits(Until(random, 9, d => d[0] > 0 && (d.Take(8).Select((x, i) => x * (9 - i)).Sum() - d[8]) % 11 == 0)),
        "BR_CPF" => Cpf(random),
        "BR_CNPJ" => Cnpj(random),
        "IN_AADHAAR" => Aadhaar(random),
        "IN_PAN" => $"{Pick(Letters, 3, random)}P{Pick(Letters, 1, random)}{random.Next(1000, 9999)}{Pick(Letters, 1, random)}",
        "PASSPORT" => locale switch
        {
            "en-US" or "en-GB" => Number(random, 9),
            "de" => $"C{Pick("0123456789CFGHJK", 7, random)}{random.Next(10)}",
            "fr" => $"{random.Next(10, 99)}{Pick(Letters, 2, random)}{Number(random, 5)}",
            "es" => $"{Pick(Letters, 3, random)}{Number(random, 6)}",
            "en-IN" => $"{Pick("KLMNPRSTUVZ", 1, random)}{Number(random, 7)}",
            "pt-BR" => $"{Pick(Letters, 2, random)}{Number(random, 6)}",
            _ => $"{Pick(Letters, 2, random)}{Number(random, 7)}",
        },
        "DRIVING_LICENCE" => locale switch
        {
            "en-US" => $"{Pick(Letters, 1, random)}{Number(random, 7)}",
            "de" => $"{Pick(Letters, 1, random)}{Number(random, 3)}{Pick(Letters, 2, random)}{Number(random, 5)}",
            "pl" => $"{Number(random, 5)}/{random.Next(10, 24)}/{Number(random, 4)}",
            "en-IN" => $"{Pick(["MH", "KA", "DL"], random)}{random.Next(10, 50)} {random.Next(1990, 2022)}{Number(random, 7)}",
            "pt-BR" => Number(random, 11),
            _ => Number(random, 10),
        },
        "IP_ADDRESS" => random.Next(4) == 0 ? $"2001:db8:{random.Next(1, 65535):x}:{random.Next(1, 65535):x}::{random.Next(1, 65535):x}" : $"{Pick(["10", "172", "192", "85", "203"], random)}.{random.Next(256)}.{random.Next(256)}.{random.Next(1, 255)}",
        "MAC_ADDRESS" => string.Join(random.Next(2) == 0 ? ":" : "-", Enumerable.Range(0, 6).Select(_ => random.Next(256).ToString("x2"))),
        "CRYPTO_ADDRESS" => "0x" + Pick("0123456789abcdef", 40, random),
        "DATE_OF_BIRTH" => Date(locale, random),
        _ => null,
    };

    /// <summary>Characters of an alphabet.</summary>
    public static string Pick(string alphabet, int count, Random random) => string.Concat(Enumerable.Range(0, count).Select(_ => alphabet[random.Next(alphabet.Length)]));

    /// <summary>One of several.</summary>
    public static string Pick(string[] list, Random random) => list[random.Next(list.Length)];

    /// <summary>Random digits, the first not 0.</summary>
    public static string Number(Random random, int count) => random.Next(1, 10) + Pick("0123456789", count - 1, random);

    private static string Digits(int[] digits) => string.Concat(digits);

    private static int[] Until(Random random, int count, Func<int[], bool> isValid)
    {
        while (true)
        {
            var digits = Enumerable.Range(0, count).Select(_ => random.Next(10)).ToArray();
            if (isValid(digits)) return digits;
        }
    }

    private static string Grouped(int[] digits, Random random, int[] sizes)
    {
        if (random.Next(3) == 0) return Digits(digits);
        var (parts, at) = (new List<string>(), 0);
        foreach (var size in sizes)
        {
            parts.Add(string.Concat(digits.Skip(at).Take(size)));
            at += size;
        }
        return string.Join(' ', parts);
    }

    private static string Card(Random random)
    {
        var prefix = Pick(["4", "51", "53", "55", "37", "6011"], random);
        var length = prefix == "37" ? 15 : 16;
        var digits = Until(random, length, d =>
        {
            for (var i = 0; i < prefix.Length; i++) d[i] = prefix[i] - '0';
            return d.Reverse().Select((x, i) => i % 2 == 0 ? x : x * 2 / 10 + x * 2 % 10).Sum() % 10 == 0;
        });
        return Grouped(digits, random, length == 15 ? [4, 6, 5] : [4, 4, 4, 4]);
    }

    private static string Iban(string locale, Random random)
    {
        var (country, body) = locale switch
        {
            "en-GB" => ("GB", Pick(Letters, 4, random) + Number(random, 14)),
            "fr" => ("FR", Number(random, 23)),
            "es" => ("ES", Number(random, 20)),
            "it" => ("IT", Pick(Letters, 1, random) + Number(random, 22)),
            "nl" => ("NL", Pick(Letters, 4, random) + Number(random, 10)),
            "pl" => ("PL", Number(random, 24)),
            _ => ("DE", Number(random, 18)),
        };
        for (var check = 2; ; check++)
        {
            var value = string.Concat((body + country + check.ToString("00")).Select(c => char.IsDigit(c) ? c.ToString() : (c - 'A' + 10).ToString()));
            if (System.Numerics.BigInteger.Parse(value) % 97 != 1) continue;
            var iban = country + check.ToString("00") + body;
            return random.Next(2) == 0 ? iban : string.Join(' ', iban.Chunk(4).Select(part => new string(part)));
        }
    }

    private static string Nino(Random random)
    {
        var number = Pick("ABCEGHJKLMPRSTWXY", 1, random) + Pick("ABCEHJLMPRSTWXYZ", 1, random);
        var digits = Pick("0123456789", 6, random);
        var last = Pick("ABCD", 1, random);
        return random.Next(2) == 0 ? number + digits + last : $"{number} {digits[..2]} {digits[2..4]} {digits[4..]} {last}";
    }

    private static string TaxId(Random random)
    {
        var digits = Until(random, 11, d =>
        {
            var groups = d.Take(10).GroupBy(x => x).Select(g => g.Count()).Where(c => c > 1).ToList();
            if (d[0] == 0 || groups.Count != 1 || groups[0] > 3) return false;
            var product = 10;
            foreach (var x in d.Take(10))
            {
                var sum = (x + product) % 10;
                product = (sum == 0 ? 10 : sum) * 2 % 11;
            }
            return (product + d[10]) % 10 == 1;
        });
        return Grouped(digits, random, [2, 3, 3, 3]);
    }

    private static string Nir(Random random)
    {
        var number = $"{random.Next(1, 3)}{random.Next(40, 99)}{random.Next(1, 13):00}{random.Next(1, 95):00}{random.Next(1, 800):000}{random.Next(1, 999):000}";
        number += (97 - long.Parse(number) % 97).ToString("00");
        return random.Next(2) == 0 ? number : $"{number[..1]} {number[1..3]} {number[3..5]} {number[5..7]} {number[7..10]} {number[10..13]} {number[13..]}";
    }

    private static string Nie(Random random)
    {
        var first = random.Next(3);
        var number = Pick("0123456789", 7, random);
        return $"{"XYZ"[first]}{number}{"TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(first + number) % 23]}";
    }

    private static string CodiceFiscale(Random random)
    {
        int[] odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        var code = Pick("BCDFGLMNPRST", 6, random) + random.Next(40, 99) + Pick("ABCDEHLMPRST", 1, random) + random.Next(10, 28) + Pick("ABCDEFGHL", 1, random) + random.Next(100, 999);
        var sum = code.Select((c, i) => (char.IsDigit(c) ? c - '0' : c - 'A') is var v && i % 2 == 0 ? odd[v] : v).Sum();
        return code + (char)('A' + sum % 26);
    }

    private static string Pesel(Random random)
    {
        var start = $"{random.Next(40, 99)}{random.Next(1, 13):00}{random.Next(1, 29):00}{Pick("0123456789", 4, random)}";
        int[] weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
        return start + (10 - start.Select((c, i) => (c - '0') * weights[i]).Sum() % 10) % 10;
    }

    private static string Cpf(Random random)
    {
        var text = Number(random, 9);
        for (var length = 9; length < 11; length++)
        {
            var rest = text.Select((c, i) => (c - '0') * (length + 1 - i)).Sum() * 10 % 11;
            text += rest % 10;
        }
        return random.Next(3) == 0 ? text : $"{text[..3]}.{text[3..6]}.{text[6..9]}-{text[9..]}";
    }

    private static string Cnpj(Random random)
    {
        var text = Number(random, 8) + "0001";
        foreach (var weights in (int[][])[[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]])
        {
            var rest = text.Select((c, i) => (c - '0') * weights[i]).Sum() % 11;
            text += rest < 2 ? 0 : 11 - rest;
        }
        return $"{text[..2]}.{text[2..5]}.{text[5..8]}/{text[8..12]}-{text[12..]}";
    }

    // The published tables of the dihedral group and of the permutations, row after row.
    private static string Aadhaar(Random random)
    {
        string[] product = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
        string[] places = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];
        var digits = Until(random, 12, d =>
        {
            var check = 0;
            for (var i = 0; i < 12; i++) check = product[check][places[i % 8][d[11 - i]] - '0'] - '0';
            return d[0] > 1 && check == 0;
        });
        return Grouped(digits, random, [4, 4, 4]);
    }

    private static string Date(string locale, Random random)
    {
        var date = new DateTime(random.Next(1940, 2005), random.Next(1, 13), random.Next(1, 29));
        return (locale, random.Next(3)) switch
        {
            (_, 0) => date.ToString("yyyy-MM-dd"),
            ("en-US", 1) => date.ToString("MMMM d, yyyy"),
            ("en-US", _) => date.ToString("MM/dd/yyyy"),
            ("en-GB" or "en-IN", 1) => date.ToString("d MMMM yyyy"),
            ("de" or "pl", _) => date.ToString("dd.MM.yyyy"),
            ("nl", _) => date.ToString("dd-MM-yyyy"),
            _ => date.ToString("dd/MM/yyyy"),
        };
    }
}

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>How likely the groups of a national number are a telephone number by themselves: the usual ways of writing of the countries that are looked at.</summary>
internal static class PhoneLayouts
{
    /// <summary>The score without context; 0 = no usual layout.</summary>
    public static double ScoreOf(in PhoneNumber number)
    {
        if (number.HasArea) return WithArea(number);
        if (number.Groups == 1) return Bare(number);
        var d = number.Digits;
        if (d[0] == 0) return WithTrunk(number);
        if (Is(number, "334"))
        {
            // United States and Canada; areas and exchanges begin with 2 to 9, yet examples are often made up.
            var valid = d[0] >= 2 && d[3] >= 2;
            return number.Separator is '-' or '.' ? valid ? 0.7 : 0.6 : valid ? 0.55 : 0.4;
        }
        if (Is(number, "1334") && d[0] == 1) return number.Separator is '-' or '.' or ' ' ? 0.65 : 0;
        if (Is(number, "3334") && d[0] == 0) return 0.6;
        // India and Brazil, mobile.
        if (Is(number, "55") && d[0] >= 6) return 0.6;
        if (Is(number, "254") && d[2] == 9) return 0.65;
        // Spain: 612 34 56 78, 91 123 45 67.
        if ((Is(number, "3222") && d[0] is 6 or 7 or 8 or 9) || (Is(number, "2322") && d[0] is 8 or 9)) return 0.6;
        if (Is(number, "333") && d[0] is 5 or 6 or 7 or 8 or 9 && number.Separator is ' ' or '-') return 0.4;
        if (Is(number, "1333") && d[0] == 1 && d[1] is 3 or 8) return 0.55;
        if (Is(number, "44") && d[0] is 3 or 6 or 8 or 9) return 0.4;
        if (Is(number, "37") && d[0] == 3) return 0.5;
        if (Is(number, "343") || Is(number, "34")) return 0.35;
        return 0;
    }

    private static double WithArea(in PhoneNumber number)
    {
        var d = number.Digits;
        if (Is(number, "334") || Is(number, "244") || Is(number, "254")) return 0.85;
        // A bracketed trunk area: (030) 1234567, (02) 9374 4000.
        return d[0] == 0 && number.Count is >= 9 and <= 12 && number.SizeOf(0) is >= 2 and <= 6 ? 0.8 : 0;
    }

    // The 0 that national numbers begin with in Britain, Germany, France, Italy, the Netherlands, Australia, India.
    private static double WithTrunk(in PhoneNumber number)
    {
        var d = number.Digits;
        if (number.Count is < 8 or > 13 || d[1] == 0 && number.Count < 12) return 0;
        if (Is(number, "22222")) return 0.75;
        if (number.Count is 10 or 11 or 12 && number.Groups is 2 or 3 or 4 && number.SizeOf(0) is >= 2 and <= 6 && number.SizeOf(number.Groups - 1) >= 2) return number.Separator == '.' ? 0.55 : 0.65;
        return number.Groups is 2 or 3 && number.SizeOf(0) is >= 2 and <= 5 && number.SizeOf(1) >= 3 ? 0.5 : 0.35;
    }

    private static double Bare(in PhoneNumber number)
    {
        var d = number.Digits;
        if (number.Count == 11 && d[0] == 0 && d[1] is 7 or 1 or 2) return 0.55;
        if (number.Count == 10 && d[0] == 0 && d[1] is >= 1 and <= 9) return 0.5;
        return 0;
    }

    private static bool Is(in PhoneNumber number, string sizes)
    {
        if (number.Groups != sizes.Length) return false;
        for (var i = 0; i < sizes.Length; i++)
            if (number.SizeOf(i) != sizes[i] - '0') return false;
        return true;
    }
}

using System.Globalization;
using System.Text;

namespace AspireGateway.Gateway.Tests.Caching.Keys;

/// <summary>A JSON value that can be written in many ways.</summary>
internal abstract record Value
{
    /// <summary>Writes it.</summary>
    public abstract string Write(Spelling spelling);

    /// <summary>A text.</summary>
    internal sealed record Text(string Of) : Value
    {
        public override string Write(Spelling spelling) => spelling.Quote(Of);
    }

    /// <summary>A number: so many times a power of ten.</summary>
    internal sealed record Number(int Digits, int Power) : Value
    {
        public override string Write(Spelling spelling)
        {
            // One way for one number: without trailing zeros, and zero has no power.
            var (digits, power) = (Digits, Power);
            while (digits != 0 && digits % 10 == 0) (digits, power) = (digits / 10, power + 1);
            return spelling.Number(digits, digits == 0 ? 0 : power);
        }
    }

    /// <summary>true, false or null.</summary>
    internal sealed record Word(string Of) : Value
    {
        public override string Write(Spelling spelling) => Of;
    }

    /// <summary>An array.</summary>
    internal sealed record List(Value[] Items) : Value
    {
        public override string Write(Spelling spelling) => $"[{string.Join(spelling.Comma, Items.Select(item => item.Write(spelling)))}]";
    }

    /// <summary>An object, its names in order.</summary>
    internal sealed record Map((string Name, Value Of)[] Fields) : Value
    {
        public override string Write(Spelling spelling) => $"{{{string.Join(spelling.Comma, spelling.Order(Fields).Select(field => spelling.Quote(field.Name) + spelling.Colon + field.Of.Write(spelling)))}}}";
    }
}

/// <summary>A way of writing JSON.</summary>
internal sealed class Spelling
{
    /// <summary>The plain one.</summary>
    public static readonly Spelling Plain = new(0);

    private readonly bool isPlain;
    private int state;

    /// <summary>Makes one.</summary>
    /// <param name="seed">Which; 0 = the plain one.</param>
    public Spelling(int seed) => (isPlain, state) = (seed == 0, seed);

    public string Comma => isPlain ? "," : Next(2) == 0 ? " ,\n" : ",\t";

    public string Colon => isPlain ? ":" : " : ";

    public string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (!isPlain && Next(2) == 0) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c == '\n') quoted.Append("\\n");
            else quoted.Append(c);
        }
        // Half of a pair must not stand alone.
        return quoted.Append('"').ToString() is var whole && HasLoneHalf(whole) ? "\"" + string.Concat(text.Select(c => $"\\u{(int)c:X4}")) + "\"" : whole;
    }

    public string Number(int digits, int power)
    {
        if (isPlain || Next(3) == 0) return string.Create(CultureInfo.InvariantCulture, $"{digits}e{power}");
        return Next(2) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{digits}.00E{(power < 0 ? "" : "+")}{power}")
            : string.Create(CultureInfo.InvariantCulture, $"{digits}{(digits == 0 ? ".000" : "000")}e{power - 3}");
    }

    public IEnumerable<T> Order<T>(T[] fields) => isPlain ? fields : fields.OrderBy(_ => Next(1_000));

    private static bool HasLoneHalf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return true;
        }
        return false;
    }

    private int Next(int below)
    {
        state = unchecked((state * 1_103_515_245) + 12_345);
        return (int)((uint)state >> 16) % below;
    }
}

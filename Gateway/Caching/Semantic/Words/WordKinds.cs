namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>What a word of a question is good for when two questions are compared.</summary>
[Flags]
internal enum WordKinds : byte
{
    /// <summary>It says nothing that two questions could differ in: articles, politeness.</summary>
    Neutral = 0,

    /// <summary>It carries meaning.</summary>
    Content = 1,

    /// <summary>It names something: a capital within the sentence, a code, a word with digits, a placeholder of something masked.</summary>
    Name = 2,

    /// <summary>A number, a unit, a currency or a sign of arithmetic.</summary>
    Number = 4,

    /// <summary>It turns the sentence around.</summary>
    Negation = 8,

    /// <summary>It says what is asked for: who, when, where, why, how.</summary>
    Question = 16,

    /// <summary>It has an opposite that could stand in its place.</summary>
    Opposite = 32,

    /// <summary>What stands between quotation marks, as it stands there.</summary>
    Quote = 64,

    /// <summary>A month, a day of the week, a span of time, or a word such as "yesterday".</summary>
    Date = 128,
}

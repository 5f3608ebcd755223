namespace AspireGateway.Shared.Domain.Routing;

/// <summary>Tasks that the gateway's own classifier knows. Administrators may add others by words and patterns.</summary>
public static class TaskLabels
{
    /// <summary>Writing, mending or explaining programs.</summary>
    public const string Coding = "coding";

    /// <summary>Mathematics, and questions that are solved by reasoning.</summary>
    public const string Math = "math";

    /// <summary>Saying a text again in fewer words.</summary>
    public const string Summarisation = "summarisation";

    /// <summary>Taking facts out of a text.</summary>
    public const string Extraction = "extraction";

    /// <summary>Putting a text into one of some classes.</summary>
    public const string Classification = "classification";

    /// <summary>Making, rewriting or translating prose.</summary>
    public const string Writing = "writing";

    /// <summary>A question about the world or about a given text.</summary>
    public const string QuestionAnswering = "question_answering";

    /// <summary>Talk.</summary>
    public const string Chat = "chat";

    /// <summary>All of them; the order is that of the weights' columns.</summary>
    public static readonly IReadOnlyList<string> All = [Coding, Math, Summarisation, Extraction, Classification, Writing, QuestionAnswering, Chat];
}

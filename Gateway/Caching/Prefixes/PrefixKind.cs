namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>Behind what a beginning of a prompt ends.</summary>
internal enum PrefixKind
{
    /// <summary>The tools.</summary>
    Tools,

    /// <summary>The instructions.</summary>
    System,

    /// <summary>A turn of the conversation.</summary>
    Turn,
}

/// <summary>How the last piece of a beginning can be marked.</summary>
internal enum PrefixForm
{
    /// <summary>Not at all: a thought, an empty text, a tool that is loaded later.</summary>
    None,

    /// <summary>An object, which takes a mark of its own.</summary>
    Block,

    /// <summary>A text that must become a block first.</summary>
    Text,
}

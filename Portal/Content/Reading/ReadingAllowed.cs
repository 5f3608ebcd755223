using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>That a visitor may read texts: all that the pages need to know before somebody says what for.</summary>
public sealed record ReadingAllowed
{
    /// <summary>It, or why not.</summary>
    public static Result<ReadingAllowed> Of(Actor actor) => Permissions.Refuse(actor, Permission.ReadContent) is { } refusal ? refusal : new ReadingAllowed();
}

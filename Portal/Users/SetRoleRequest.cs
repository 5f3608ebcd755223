namespace AspireGateway.Portal.Users;

/// <summary>What somebody may do from now on.</summary>
public sealed record SetRoleRequest
{
    /// <summary>The role, such as <c>developer</c>; every role but <c>operator</c>. May be missing where the mapping says it.</summary>
    public string? Role { get; init; }

    /// <summary>Who says it: <c>manual</c> (missing = this): this request, and the sign-in mapping changes nothing of it; <c>mapping</c>: the sign-in mapping again, teams included.</summary>
    public string? RoleSource { get; init; }
}

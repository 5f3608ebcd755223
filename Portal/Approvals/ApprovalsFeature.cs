namespace AspireGateway.Portal.Approvals;

/// <summary>Registration of this folder.</summary>
public static class ApprovalsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddApprovals(this IServiceCollection services) => services
        .AddSingleton<ApprovalsQuery>()
        .AddSingleton<GrantApproval>()
        .AddSingleton<DenyApproval>();
}

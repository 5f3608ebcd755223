namespace AspireGateway.Portal.Budgets;

/// <summary>Registration of this folder.</summary>
public static class BudgetsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddBudgets(this IServiceCollection services)
    {
        services
            .AddSingleton<BudgetsQuery>()
            .AddSingleton<BudgetHistoryQuery>()
            .AddSingleton<BudgetStandingsQuery>()
            .AddSingleton<BudgetPageQuery>()
            .AddSingleton<BudgetStatusQuery>()
            .AddScoped<BudgetForms>()
            .AddSingleton<CreateBudget>()
            .AddSingleton<UpdateBudget>()
            .AddSingleton<DeleteBudget>()
            .AddSingleton<RaiseBudget>();
        BudgetUndos.Add(services);
    }
}
